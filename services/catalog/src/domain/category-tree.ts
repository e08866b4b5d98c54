import type { Category } from '@comptoir/contracts/catalog/model'
import type { CategoryId } from '@comptoir/contracts/ids'
import { claimSlug, slugOf } from './slug.ts'

/** A category with the slugs from the root to it. */
export type PlacedCategory = Category & { path: string }

const depthMax = 5

/** The names of a path such as `Home/Candles`; undefined when it is not one. */
export const parseCategoryPath = (path: string): string[] | undefined => {
  const names = path.split('/').map((name) => name.trim())
  const fits = names.every((name) => name !== '' && name.length <= 100 && !/\p{Cc}/u.test(name))
  return fits && names.length <= depthMax ? names : undefined
}

/** A new category under its parent. `slugs` are those that are taken; the new one is added. */
export const placeCategory = (
  given: { id: CategoryId; name: string; slug: string | undefined; parent: PlacedCategory | undefined },
  slugs: Set<string>,
): PlacedCategory => {
  const { id, name, parent } = given
  const slug = given.slug ?? claimSlug(slugOf(name, 'category'), parent?.slug ?? 'category', slugs)
  const path = parent === undefined ? slug : `${parent.path}/${slug}`
  return { id, name, slug, parentId: parent?.id ?? null, path }
}

/**
 * Finds the categories that paths of names lead to, and settles those that are missing on the way, parents before
 * children. Names are compared without regard to case. The answer's keys are the paths joined by slashes.
 */
export const resolvePaths = (
  existing: readonly PlacedCategory[],
  paths: readonly (readonly string[])[],
  nextId: () => CategoryId,
): { added: PlacedCategory[]; ids: Map<string, CategoryId> } => {
  const byPlace = new Map(existing.map((category) => [placeOf(category.parentId, category.name), category]))
  const slugs = new Set(existing.map(({ slug }) => slug))
  const added: PlacedCategory[] = []
  const ids = new Map<string, CategoryId>()
  for (const names of paths) {
    let parent: PlacedCategory | undefined
    for (const name of names) {
      const place = placeOf(parent?.id ?? null, name)
      let category = byPlace.get(place)
      if (category === undefined) {
        category = placeCategory({ id: nextId(), name, slug: undefined, parent }, slugs)
        byPlace.set(place, category)
        added.push(category)
      }
      parent = category
    }
    if (parent !== undefined) ids.set(names.join('/'), parent.id)
  }
  return { added, ids }
}

const placeOf = (parentId: CategoryId | null, name: string): string =>
  `${parentId ?? ''}/${name.toLowerCase()}`
