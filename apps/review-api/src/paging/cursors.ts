import { Inject, Injectable } from '@nestjs/common';
import { badRequest } from '@reviews/platform';
import type { PageKey, ReadModel } from '@reviews/read-model';
import { READ_MODEL } from '../tokens.js';
import { openCursor, sealCursor, type CursorScope } from './cursor.js';
import { rememberedKey, type RememberedKey } from './remembered-key.js';

/** Makes places in lists into cursors, and back. */
@Injectable()
export class Cursors {
  private readonly key: RememberedKey;

  constructor(@Inject(READ_MODEL) readModel: Pick<ReadModel, 'cursorKey'>) {
    this.key = rememberedKey(
      () => readModel.cursorKey(),
      () => performance.now(),
    );
  }

  /** @throws ReadModelError */
  async seal(scope: CursorScope, place: PageKey): Promise<string> {
    return sealCursor(await this.key.current(), scope, place);
  }

  /**
   * @throws ProblemError 400 when it was not made for this scope
   * @throws ReadModelError
   */
  async open(scope: CursorScope, cursor: string): Promise<PageKey> {
    const place =
      openCursor(await this.key.current(), scope, cursor) ??
      openCursor(await this.key.readAgain(), scope, cursor);
    if (place === undefined) {
      const reason = 'cursor must be the nextCursor of a page with the same parameters';
      throw badRequest([{ field: 'cursor', reason }]);
    }
    return place;
  }
}
