// Every page of the console beside what the API answers: the same numbers, live while events come in,
// and the same again in the files that it exports.
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type {
  CountsBody,
  DayItem,
  DaysBody,
  FeedBody,
  MessageHoursBody,
  MessagesDetailItem,
  RecentMessagesBody,
  StatusBody,
  UsersBody,
} from '../../src/http/endpoint/wire.ts'
import { haveBrowser } from '../support/browser.ts'
import { key, secret } from '../support/server.ts'
import { openShop, type Shop } from '../support/shop.ts'
import { countsIn, exported, numberOf, rowsIn } from './read.ts'
import { openVisits, reads, soon } from './visit.ts'

const stages = ['target', 'sent', 'received', 'display', 'click'] as const
const platforms = ['android', 'ios', 'hmos', 'quickapp', 'winphone'] as const

const stageOf = ({ details }: Omit<MessagesDetailItem, 'msg_id'>, stage: string): number =>
  (['notification', 'message'] as const).reduce(
    (sum, kind) => sum + Number(details[kind]?.[stage] ?? 0),
    0,
  )

/** Over all channels of a platform, and both kinds. */
const targetsOf = ({ details }: MessagesDetailItem, platform: string): number =>
  [details.notification, details.message]
    .flatMap((kind) => Object.values((kind?.[platform] ?? {}) as Record<string, CountsBody>))
    .reduce((sum, { target }) => sum + (target ?? 0), 0)

describe.skipIf(!haveBrowser())('the pages of the console', () => {
  const visit = openVisits()
  let shop: Shop
  beforeAll(async () => {
    shop = await openShop()
  })
  afterAll(() => shop.server.close())

  const look = (place: string) => visit(shop.server.url, place, { as: [shop] })
  /** The sale that went to everyone, as both kinds. */
  const saleId = () => shop.world.pushes.find(({ name }) => name.startsWith('Flash sale'))!.msgId
  const detailOf = async (msgId: string) =>
    (await shop.ask<MessagesDetailItem[]>(`/v3/messages/detail?msg_ids=${msgId}`))[0]!
  const days = async () => (await shop.ask<DaysBody>('/v1/days?days=60')).days
  const messages = async (query: string) =>
    (await shop.ask<RecentMessagesBody>(`/v1/messages?${query}`)).items
  const openTables = async (page: Page) => {
    for (const summary of await page.getByText('Show as a table').all()) await summary.click()
  }

  describe('the overview', () => {
    const beside = (all: readonly DayItem[], on: (day: DayItem) => number) =>
      [59, 58, 52].map((place) => on(all[place]!))

    it('shows today beside yesterday and the same day last week', async () => {
      const all = await days()
      const start = all[0]!.day
      const query = `time_unit=DAY&start=${start}&duration=60`
      const users = (await shop.ask<UsersBody>(`/v3/users?${query}`)).items
      const page = await look('')
      const shown = async (id: string) => countsIn(page.getByTestId(`tile-${id}`))
      await page.getByTestId('tile-active').waitFor()
      expect(await shown('messages')).toEqual(beside(all, (day) => day.messages))
      for (const stage of ['target', 'sent', 'received', 'click']) {
        const expected = beside(all, ({ counts }) => stageOf(counts, stage))
        expect([stage, await shown(stage)]).toEqual([stage, expected])
      }
      for (const what of ['new', 'online', 'active'] as const) {
        const onDay = ({ day }: DayItem) => {
          const item = users.find(({ time }) => time === day)
          return platforms.reduce((sum, each) => sum + (item?.[each]?.[what] ?? 0), 0)
        }
        expect([what, await shown(what)]).toEqual([what, beside(all, onDay)])
      }
    })

    it('plots sixty days, and shows them as tables', async () => {
      const all = await days()
      const page = await look('')
      await expect.poll(() => page.locator('canvas').count(), soon).toBe(3)
      await openTables(page)
      const table = page.getByRole('table', { name: 'Pushes and receipts a day' })
      await expect.poll(() => table.locator('tbody tr').count(), soon).toBe(60)
      const rows = (await rowsIn(table)).map(([day, ...numbers]) => [day, ...numbers.map(numberOf)])
      expect(rows.reverse()).toEqual(
        all.map(({ day, counts }) => [day, ...stages.map((stage) => stageOf(counts, stage))]),
      )
    })

    it('tells a rate with its coverage and with the channels that it leaves out', async () => {
      const page = await look('')
      const rate = page.getByTestId('rate-received')
      await page.getByRole('radio', { name: '30 days' }).check()
      await rate.getByText('FCM').waitFor()
      const of = /^([\d,]+) of ([\d,]+) devices$/.exec(
        (await rate.getByText(/^[\d,]+ of [\d,]+ devices$/).textContent())!,
      )!
      const share = numberOf(of[1]!) / numberOf(of[2]!)
      expect(await rate.locator('.figure').textContent()).toBe(
        `${Number((share * 100).toFixed(1))}%`,
      )
    })
  })

  describe('the messages', () => {
    it('are all there, the newest first, as one goes on', async () => {
      const all = await messages('limit=200')
      const page = await look('#/messages')
      const items = page.locator('.message-item')
      await page.getByText('50 messages loaded').waitFor()
      await expect
        .poll(async () => {
          await page.locator('.list-end').scrollIntoViewIfNeeded()
          return items.count()
        }, soon)
        .toBe(all.length)
      await page.getByText('That is all there is.').waitFor()
      expect(await items.locator('a').allTextContents()).toEqual(all.map(({ msg_id }) => msg_id))
      const numbers = all.flatMap(({ notification, message }) =>
        [notification, message].flatMap((kind) =>
          kind === undefined
            ? []
            : [kind.target, kind.sent, kind.received, kind.click].map((count) => count ?? 0),
        ),
      )
      expect(await countsIn(page.locator('.message-list'))).toEqual(numbers)
    })

    it('of a day are those that began on it', async () => {
      const { day } = (await days()).at(-3)!
      const ofDay = await messages(`limit=200&day=${day}`)
      const page = await look('#/messages')
      await page.getByLabel('Began on').fill(day)
      await page.getByText('That is all there is.').waitFor()
      const shown = await page.locator('.message-item a').allTextContents()
      expect(shown).toEqual(ofDay.map(({ msg_id }) => msg_id))
      expect(page.url()).toBe(`${shop.server.url}/#/messages?day=${day}`)
    })

    it('that were chosen are exported', async () => {
      const [first, second, third] = await messages('limit=3')
      const page = await look('#/messages')
      for (const item of [third, first]) {
        await page.getByRole('checkbox', { name: `Select message ${item!.msg_id}` }).check()
      }
      await page.getByText('2 of at most 100 selected').waitFor()
      const [head, ...rows] = await exported(page, () =>
        page.getByRole('button', { name: 'Export CSV' }).click(),
      )
      const of = (row: string[], name: string) => row[head!.indexOf(name)]
      // Behind an apostrophe spreadsheets leave long digits as they are.
      expect(rows.map((row) => of(row, 'msg_id'))).toEqual([
        `'${third!.msg_id}`,
        `'${first!.msg_id}`,
      ])
      expect(rows.map((row) => row.length)).toEqual([head!.length, head!.length])
      expect(of(rows[0]!, 'first_hour')).toBe(third!.first_hour)
      expect(of(rows[1]!, 'notification_target')).toBe(String(first!.notification?.target ?? 0))
      expect(rows.flat()).not.toContain(second!.msg_id)
    })

    it('are found by their id', async () => {
      const msgId = saleId()
      const page = await look('#/messages')
      const field = page.getByLabel('Message id')
      await field.fill('12x')
      await field.press('Enter')
      await page.getByText('A message id is a whole number').waitFor()
      await field.fill(` ${msgId} `)
      await field.press('Enter')
      await page.getByRole('heading', { level: 1, name: `Message ${msgId}` }).waitFor()
      expect(page.url()).toBe(`${shop.server.url}/#/messages/${msgId}`)
    })
  })

  describe('one message', () => {
    it('shows how far it came, where and when', async () => {
      const msgId = saleId()
      const detail = await detailOf(msgId)
      const page = await look(`#/messages/${msgId}`)
      for (const stage of stages) {
        await reads(page.getByTestId(`stage-${stage}`), stageOf(detail, stage).toLocaleString('en'))
      }
      const where = page.getByRole('table', { name: 'Where it came' })
      await page.getByRole('radio', { name: 'Platform' }).check()
      await where.getByRole('rowheader', { name: 'Android' }).waitFor()
      const rows = await rowsIn(where)
      expect(numberOf(rows.find(([name]) => name === 'iOS')![1]!)).toBe(
        targetsOf(detail, 'sub_ios'),
      )

      const { hours } = await shop.ask<MessageHoursBody>(`/v1/messages/hours?msg_id=${msgId}`)
      await page.locator('canvas').waitFor()
      await openTables(page)
      const table = page.getByRole('table', { name: 'Receipts by hour' })
      const received = async () => {
        const shown = await rowsIn(table)
        return shown.reduce((sum, row) => sum + numberOf(row[4]!), 0)
      }
      const ofHours = hours.reduce((sum, hour) => sum + (hour.received ?? 0), 0)
      await expect.poll(received, soon).toBe(ofHours)
    })

    it('shows the raw answers word for word', async () => {
      const msgId = saleId()
      const page = await look(`#/messages/${msgId}`)
      for (const path of ['/v3/messages/detail', '/v3/received', '/v1/messages/hours']) {
        await page.getByText(`GET ${path}`, { exact: true }).click()
      }
      const raw = page.locator('.raw pre')
      await expect.poll(() => raw.count(), soon).toBe(3)
      const answers = (await raw.allTextContents()).map((text) => JSON.parse(text) as unknown)
      expect(answers).toEqual([
        [await detailOf(msgId)],
        await shop.ask(`/v3/received?msg_ids=${msgId}`),
        await shop.ask(`/v1/messages/hours?msg_id=${msgId}`),
      ])
    })

    it('moves while receipts come in, and stands still when told to', async () => {
      const about = { msg_id: 424_242, platform: 'android' }
      const received = (count: number) => ({
        ...about,
        type: 'received',
        registration_ids: Array.from({ length: count }, (_, i) => `live-${i}`),
      })
      await shop.tell(received(3))
      const page = await look(`#/messages/${about.msg_id}`)
      const shown = page.getByTestId('stage-received')
      await reads(shown, '3')
      await page.evaluate('globalThis.isStillHere = true')
      await shop.tell(received(1_234))
      await reads(shown, '1,234')
      await page.getByRole('button', { name: 'Pause updates' }).click()
      await page.getByText('Paused').waitFor()
      await shop.tell(received(1_300))
      expect(await shown.textContent()).toBe('1,234')
      await page.getByRole('button', { name: 'Resume updates' }).click()
      await reads(shown, '1,300')
      expect(await page.evaluate('globalThis.isStillHere')).toBe(true)
    })

    it('of which nothing is known says so', async () => {
      const page = await look('#/messages/404')
      await page.getByText('Nothing is known of this message').waitFor()
      expect(await page.getByTestId('stage-received').count()).toBe(0)
    })
  })

  it('the devices stand as the API says, filtered and exported too', async () => {
    const msgId = saleId()
    const ids = [...shop.world.devices.slice(0, 150).map(({ id }) => id), 'nobody']
    const body = JSON.stringify({ msg_id: msgId, registration_ids: ids })
    const authorization = `Basic ${btoa(`${shop.key}:${shop.secret}`)}`
    const init = { method: 'POST', body, headers: { authorization } }
    const { text } = await shop.server.ask('/v3/status/message', init)
    const statuses = Object.entries(JSON.parse(text) as StatusBody)
    const page = await look(`#/devices?msg_id=${msgId}`)
    await page.getByLabel('Registration ids').fill(ids.join('\n'))
    await page.getByText('151 of at most 1,000 ids').waitFor()
    await page.getByRole('button', { name: 'Look up' }).click()
    const table = page.getByRole('table', { name: '151 devices' })
    await expect.poll(() => table.locator('tbody tr').count(), soon).toBe(151)
    const words = ['Delivered', 'Not delivered', 'Not of this app', 'Not a target']
    const badges = await table.locator('tbody .badge').allTextContents()
    expect(badges).toEqual(statuses.map(([, { status }]) => words[status]))

    const delivered = statuses.filter(([, { status }]) => status === 0).map(([id]) => id)
    await page.getByRole('radio', { name: `Delivered ${delivered.length}` }).check()
    await page.getByRole('table', { name: `${delivered.length} devices` }).waitFor()
    const [, ...rows] = await exported(page, () =>
      page.getByRole('button', { name: 'Export CSV' }).click(),
    )
    // An id that a spreadsheet would read as a number stands behind an apostrophe.
    expect(rows.map(([id]) => id!.replace(/^'/, ''))).toEqual(delivered)
    expect(new Set(rows.map((row) => row[3]))).toEqual(new Set(['0']))
  })

  it('the ingest health counts what was told, and shows what was refused', async () => {
    await shop.tell({ type: 'sent', msg_id: 'x' }, 'nothing', { type: 'dreamt', msg_id: 1 })
    const { hours } = await shop.ask<FeedBody>('/v1/feed?hours=24')
    const sum = (of: (hour: FeedBody['hours'][number]) => number) =>
      hours.reduce((total, hour) => total + of(hour), 0)
    const page = await look('#/feed')
    const shown = async (id: string) => (await countsIn(page.getByTestId(`tile-${id}`)))[0]
    await page.getByTestId('tile-bodies').waitFor()
    expect(await shown('bodies')).toBe(sum(({ bodies }) => bodies))
    expect(await shown('accepted')).toBe(sum(({ accepted }) => accepted))
    expect(await shown('repeated')).toBe(sum(({ repeated }) => repeated ?? 0))
    expect(await shown('refused')).toBe(3)
    const lines = await rowsIn(page.getByRole('table', { name: 'Latest refused lines' }))
    expect(lines.map((row) => row[2]).sort()).toEqual(['bad_json', 'bad_msg_id', 'bad_type'])
    await page.getByRole('radio', { name: '31 days' }).check()
    await expect.poll(() => page.url()).toBe(`${shop.server.url}/#/feed?hours=744`)
  })

  it('an app without data is told how to begin, by a line that works', async () => {
    const page = await visit(shop.server.url, '', { as: [{ key, secret }] })
    for (const place of ['', '#/messages', '#/feed?hours=744']) {
      await page.goto(`${shop.server.url}/${place}`)
      await page.getByRole('heading', { name: 'Nothing has been told yet' }).waitFor()
    }
    const curl = (await page.locator('pre').textContent())!
    expect(curl).toContain(`curl -u '${key}:MASTER_SECRET' ${shop.server.url}/v1/events`)
    const lines = /--data-binary '\n([^']+)'$/.exec(curl)![1]!.split('\n')
    const types = lines.map((line) => (JSON.parse(line) as { type: string }).type)
    expect(types).toEqual(['register', 'target', 'sent', 'received'])
  })
})
