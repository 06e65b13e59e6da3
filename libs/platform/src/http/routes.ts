/** A route as the router knows it: `/v1/courses/:courseId`. */
export interface Route {
  readonly method: string;
  readonly path: string;
}

/** The methods that a path knows, sorted; none when there is nothing at it. */
export const methodsAt = (routes: readonly Route[], path: string): readonly string[] => {
  const found = routes.filter((route) => leadsTo(route.path, path)).map(({ method }) => method);
  return [...new Set(found)].sort();
};

const leadsTo = (pattern: string, path: string): boolean => {
  const wanted = pattern.split('/');
  const given = path.split('/');
  const open = wanted.at(-1) === '*';
  if (open ? given.length < wanted.length : given.length !== wanted.length) return false;
  return wanted.every((segment, index) => {
    if (segment === '*') return true;
    return segment.startsWith(':') ? given[index] !== '' : segment === given[index];
  });
};
