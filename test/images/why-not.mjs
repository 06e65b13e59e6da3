import { execFileSync } from 'node:child_process';

const PACKAGES = 'buildah debootstrap';

/** Why no image can be built on this machine; undefined when one can. */
export function whyNoImages() {
  if (process.getuid() !== 0) return 'a base image is made by debootstrap, which wants to be root';
  const missing = ['buildah', 'debootstrap'].filter((program) => !runs(program));
  if (missing.length === 0) return undefined;
  return `${missing.join(' and ')} not found (on Debian: apt-get install ${PACKAGES})`;
}

function runs(program) {
  try {
    execFileSync(program, ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
