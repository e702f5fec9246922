// Makes and changes groups in an engine's table, and knows a group by its credentials. What their
// pushes are is known by group-pushes.ts.
import type { Zone } from '../ledger/day.ts'
import type { AppKey } from '../ledger/ids.ts'
import type { App } from '../ledger/store.ts'
import type { AppTable } from './app-table.ts'
import type { Apps, TimeZone } from './apps.ts'
import { type GroupKey, type GroupRecord, type GroupTable, parseGroupKey } from './group.ts'
import { isName } from './name.ts'
import { hashSecret, isSecret, mint, mintSecret, type Random, type Secret } from './secret.ts'
import { isSameZone } from './time-zone.ts'

/** 1–100 characters without control characters. Several groups may have the same. */
export type GroupName = string & { readonly groupName: true }

export interface NewGroup {
  readonly name: GroupName
  /** Existing credentials to keep; minted where left out. */
  readonly key?: GroupKey | undefined
  readonly secret?: Secret | undefined
  readonly timeZone: TimeZone
}

/** The only moment in which a secret is known. */
export interface IssuedGroup {
  readonly record: GroupRecord
  readonly secret: Secret
}

/** A group whose credentials have been proven, with those of its apps that are still there. */
export interface Group {
  readonly record: GroupRecord
  readonly zone: Zone
  readonly apps: ReadonlyMap<AppKey, App>
}

export type NotAdded = 'no group' | 'no app' | 'another time zone' | 'too many'

export interface Groups {
  /** Undefined when the key is taken. */
  create(group: NewGroup): Promise<IssuedGroup | undefined>
  list(): Promise<readonly GroupRecord[]>
  show(key: GroupKey): Promise<GroupRecord | undefined>
  /** Adding a member again changes nothing. At most `membersMax`. */
  add(key: GroupKey, app: AppKey): Promise<GroupRecord | NotAdded>
  /** Undefined when there is no such group, or the app is no member. */
  drop(key: GroupKey, app: AppKey): Promise<GroupRecord | undefined>
  /** A fresh secret; the old one ends at once. */
  rotate(key: GroupKey): Promise<IssuedGroup | undefined>
  remove(key: GroupKey): Promise<GroupRecord | undefined>
  /** Does the same work for an unknown key as for a wrong secret. */
  authenticate(key: string, secret: string): Promise<Group | undefined>
}

export const membersMax = 100

const keyBytes = 12
/** How some clients mark the key of a group; others send it bare. */
const keyPrefix = 'group-'

export const parseGroupName = (text: string): GroupName | undefined =>
  isName(text) ? (text as GroupName) : undefined

export interface GroupDeps {
  readonly groups: GroupTable
  readonly table: AppTable
  readonly apps: Apps
}

export const openGroups = (deps: GroupDeps, random: Random, clock: () => number): Groups => {
  const { groups, table, apps } = deps
  const nobody = hashSecret(mintSecret(random), random)
  const open = async (record: GroupRecord): Promise<Group> => {
    const members = new Map<AppKey, App>()
    for (const { key, appId } of record.members) {
      const app = await table.find(key)
      if (app?.id === appId) members.set(key, apps.open(app))
    }
    return { record, zone: apps.zoneOf(record.timeZone), apps: members }
  }
  const drop: Groups['drop'] = async (key, app) => {
    const before = await groups.find(key)
    if (before?.members.some((member) => member.key === app) !== true) return undefined
    return groups.change(key, (record) => without(record, app))
  }

  return {
    list: () => groups.list(),
    show: (key) => groups.find(key),
    remove: (key) => groups.remove(key),
    drop,
    create: async ({
      name,
      key = mint(random, keyBytes, parseGroupKey),
      secret = mintSecret(random),
      timeZone,
    }) => {
      const hashed = hashSecret(secret, random)
      const createdAtMs = clock()
      const record = await groups.create({
        key,
        name,
        timeZone,
        members: [],
        ...hashed,
        createdAtMs,
      })
      return record && { record, secret }
    },
    add: async (key, appKey) => {
      const app = await table.find(appKey)
      if (app === undefined) return 'no app'
      let refusal: NotAdded | undefined
      const changed = await groups.change(key, (record) => {
        // The same key may once have been another app's.
        const { members } = without(record, appKey)
        if (!isSameZone(app.timeZone, record.timeZone)) refusal = 'another time zone'
        else if (members.length >= membersMax) refusal = 'too many'
        if (refusal !== undefined || isMember(record, app.id)) return record
        return { ...record, members: [...members, { key: appKey, appId: app.id }] }
      })
      return refusal ?? changed ?? 'no group'
    },
    rotate: async (key) => {
      const secret = mintSecret(random)
      const hashed = hashSecret(secret, random)
      const record = await groups.change(key, (before) => ({ ...before, ...hashed }))
      return record && { record, secret }
    },
    authenticate: async (user, secret) => {
      const key = parseGroupKey(user.startsWith(keyPrefix) ? user.slice(keyPrefix.length) : user)
      const record = key === undefined ? undefined : await groups.find(key)
      const isProven = isSecret(secret, record ?? nobody)
      return record !== undefined && isProven ? open(record) : undefined
    },
  }
}

const isMember = ({ members }: GroupRecord, appId: number): boolean =>
  members.some((member) => member.appId === appId)

const without = (record: GroupRecord, app: AppKey): GroupRecord => ({
  ...record,
  members: record.members.filter(({ key }) => key !== app),
})
