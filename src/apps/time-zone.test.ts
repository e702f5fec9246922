// Which names of time zones are accepted, how they are spelled, and what is suggested in place of others.
import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { openZone } from '../ledger/day.ts'
import { openMemoryApps } from '../store/memory/apps.ts'
import { openMemoryGroups } from '../store/memory/groups.ts'
import { openApps, parseAppName } from './apps.ts'
import { openGroups, parseGroupName } from './groups.ts'
import { isSameZone, parseTimeZone, zoneMeantBy } from './time-zone.ts'

describe('a time zone', () => {
  it.each([
    ['Asia/Shanghai', 'Asia/Shanghai'],
    ['asia/shanghai', 'Asia/Shanghai'],
    ['EUROPE/BERLIN', 'Europe/Berlin'],
    ['america/argentina/buenos_aires', 'America/Argentina/Buenos_Aires'],
    ['America/North_Dakota/New_Salem', 'America/North_Dakota/New_Salem'],
    ['america/port-au-prince', 'America/Port-au-Prince'],
    ['africa/dar_es_salaam', 'Africa/Dar_es_Salaam'],
    ['asia/kolkata', 'Asia/Kolkata'],
    ['Asia/Chongqing', 'Asia/Chongqing'],
    ['antarctica/mcmurdo', 'Antarctica/McMurdo'],
    ['antarctica/dumontdurville', 'Antarctica/DumontDUrville'],
    ['UTC', 'UTC'],
    ['utc', 'UTC'],
  ])('%s is stored as %s', (text, name) => {
    expect(parseTimeZone(text)).toBe(name)
  })

  it('is each that this machine knows and that names a place, as it spells it', () => {
    const places = Intl.supportedValuesOf('timeZone').filter((name) => !/^Etc\//.test(name))
    expect(places.length).toBeGreaterThan(400)
    expect(places.filter((name) => parseTimeZone(name.toLowerCase()) !== name)).toEqual([])
  })

  it.each([
    ...['CST', 'BST', 'IST', 'EST', 'EST5EDT', 'GMT', 'Zulu', 'PRC', 'Singapore', 'GB-Eire'],
    ...['+08:00', '-0500', 'UTC+8', 'Etc/UTC', 'Etc/GMT-8', 'US/Eastern', 'Brazil/East'],
    ...['', 'Mars/Phobos', 'Asia', 'Asia/', 'Asia/Nowhere', 'Asia/Shanghai ', 'Asia//Shanghai'],
    ...['Asia/Shanghai/Pudong', '__proto__', 'Asia/Shang\u0131hai'],
  ])('is not %j', (text) => {
    expect(parseTimeZone(text)).toBeUndefined()
  })
})

describe('in place of one that is refused', () => {
  it.each([
    ['CST', /^Asia\/Shanghai or America\/Chicago$/],
    ['bst', /^Europe\/London or/],
    ['IST', /^Asia\/Kolkata, /],
    ['PRC', /^Asia\/Shanghai$/],
    ['US/Eastern', /^America\/New_York$/],
    ['Singapore', /^Asia\/Singapore$/],
    ['Asia/Beijing', /^Asia\/Shanghai$/],
    ['Etc/UTC', /^UTC$/],
    ['+08:00', /Asia\/Shanghai for UTC\+8/],
    ['Etc/GMT-8', /Asia\/Shanghai for UTC\+8/],
  ])('%s is suggested what may be meant', (text, meant) => {
    expect(zoneMeantBy(text)).toMatch(meant)
  })

  it.each(['', 'Mars/Phobos', 'constructor', '__proto__'])('%j nothing is suggested', (text) => {
    expect(zoneMeantBy(text)).toBeUndefined()
  })
})

describe('records of before', () => {
  let calls = 0
  const random = (bytes: number) =>
    createHash('sha512').update(String(calls++)).digest().subarray(0, bytes)
  const start = async (timeZone: string) => {
    const table = openMemoryApps()
    const apps = openApps(table, random, () => 0)
    const name = parseAppName('a')!
    const { record } = (await apps.create({ name, vip: true, timeZone: 'UTC' as never }))!
    await table.change(record.key, (before) => ({ ...before, timeZone }))
    return { table, apps, record: (await table.find(record.key))! }
  }

  it.each(['CST', 'asia/shanghai', 'Etc/GMT-8'])('of an app in %s open as ever', async (zone) => {
    const { apps, record } = await start(zone)
    expect(apps.open(record).zone.name).toBe(zone)
  })

  it('of an app in asia/shanghai can be added to a group of Asia/Shanghai', async () => {
    const { table, apps, record } = await start('asia/shanghai')
    const groups = openGroups({ groups: openMemoryGroups(), table, apps }, random, () => 0)
    const timeZone = parseTimeZone('Asia/Shanghai')!
    const group = (await groups.create({ name: parseGroupName('g')!, timeZone }))!.record
    expect(await groups.add(group.key, record.key)).toMatchObject({ members: [{ appId: 1 }] })
    const abroad = await start('Asia/Tokyo')
    const others = openGroups({ groups: openMemoryGroups(), ...abroad }, random, () => 0)
    const other = (await others.create({ name: parseGroupName('g')!, timeZone }))!.record
    expect(await others.add(other.key, abroad.record.key)).toBe('another time zone')
  })
})

describe('two zones', () => {
  it.each([
    ['Asia/Shanghai', 'asia/shanghai', true],
    ['Asia/Kolkata', 'Asia/Kolkata', true],
    ['Asia/Shanghai', 'Asia/Tokyo', false],
    ['Asia/Shanghai', 'Asia/Singapore', false],
    ['Mars/Phobos', 'Mars/Phobos', true],
    ['Mars/Phobos', 'Asia/Shanghai', false],
  ])('%s and %s are one: %s', (one, other, same) => {
    expect(isSameZone(one, other)).toBe(same)
    expect(isSameZone(other, one)).toBe(same)
  })

  it('are one where this machine says that one is a link to the other', () => {
    const name = (text: string) => openZone(text)?.canonicalName
    const linked = name('Asia/Chongqing') === name('Asia/Shanghai')
    expect(isSameZone('Asia/Chongqing', 'Asia/Shanghai')).toBe(linked)
  })
})
