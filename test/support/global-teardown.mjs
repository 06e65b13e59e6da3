import { rm } from 'node:fs/promises';

export default async function stopInfrastructure() {
  const { parts, directory } = globalThis.courseReviewsInfrastructure;
  await Promise.all(parts.map((part) => part.stop()));
  await rm(directory, { recursive: true });
}
