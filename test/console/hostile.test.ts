// What others may put in front of people: names and ids that are markup, that turn the text around them
// or that go on without end, and numbers beyond all measure. All of it stays text, and the page stays whole.
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { parseAppName, parseTimeZone } from '../../src/apps/apps.ts'
import { SELECTIONS } from '../../src/ledger/selection.ts'
import type { Store } from '../../src/ledger/store.ts'
import { openMemory } from '../../src/store/memory/store.ts'
import { haveBrowser } from '../support/browser.ts'
import { key, secret, type TestServer } from '../support/server.ts'
import { type Credentials, startConsole } from '../support/shop.ts'
import { exported } from './read.ts'
import { openVisits, soon } from './visit.ts'

const markup = '<script>alert(1)</script>'
const image = '"><img src=x onerror=alert(1)>'
const turning = '\u202egnp.exe\u2066'
const endless = 'W'.repeat(512)
const formula = '=HYPERLINK("http://evil.example","x")'
const phone = { viewport: { width: 360, height: 740 } }
const msgId = '42'

/** All numbers of all messages are the largest that JSON can hold for a browser. */
const largest = Number.MAX_SAFE_INTEGER
const enormous = (store: Store): Store => {
  const counts = SELECTIONS.map(() => largest)
  return {
    ...store,
    counts: async (_, msgIds) => msgIds.map(() => counts),
    totals: async (_, days) => days.map(() => ({ messages: largest, counts })),
    users: async (app, slots) =>
      (await store.users(app, slots)).map((users) => ({
        ...users,
        android: { new: largest, online: largest, active: largest },
      })),
  }
}

const widthOf = (page: Page) => page.evaluate<number>('document.documentElement.scrollWidth')
const elementsOf = (page: Page) => page.locator('script, img, iframe, object').count()

describe.skipIf(!haveBrowser())('the console, before what is not kind:', () => {
  const visit = openVisits()
  let server: TestServer
  let named: Credentials
  beforeAll(async () => {
    server = await startConsole()
    const name = parseAppName(`${image}${turning}${'很长'.repeat(20)}`)!
    const timeZone = parseTimeZone('UTC')!
    const issued = (await server.apps.create({ name, vip: true, timeZone }))!
    named = { key: issued.record.key, secret: issued.secret }
    const devices = [markup, image, turning, endless]
    const about = { msgId, platform: 'android', channel: 'jpush', stage: 'received' } as const
    await server.told({ ...about, devices })
  })
  afterAll(() => server.close())

  it('shows names of apps as text', async () => {
    const page = await visit(server.url, '', { as: [named], ...phone })
    await page.getByRole('heading', { name: 'Nothing has been told yet' }).waitFor()
    await page.getByRole('button', { name: 'App: ' }).click()
    await page.getByRole('button', { name: `Log out of ${image}` }).waitFor()
    expect(await page.title()).toContain(image)
    expect([await elementsOf(page), await widthOf(page)]).toEqual([1, 360])
  })

  it('shows ids of devices as text, and exports them as text', async () => {
    const page = await visit(server.url, `#/devices?msg_id=${msgId}`, {
      as: [{ key, secret }],
      ...phone,
    })
    const ids = [markup, image, turning, endless, formula]
    await page.getByLabel('Registration ids').fill(ids.join('\n'))
    await page.getByRole('button', { name: 'Look up' }).click()
    await page.getByRole('table', { name: '5 devices' }).waitFor()
    expect(await page.locator('tbody bdi').allTextContents()).toEqual(ids)
    expect(await page.locator('tbody .badge').allTextContents()).toEqual([
      ...Array(4).fill('Delivered'),
      'Not of this app',
    ])
    const [, ...rows] = await exported(page, () =>
      page.getByRole('button', { name: 'Export CSV' }).click(),
    )
    expect(rows.map(([id]) => id)).toEqual([markup, image, turning, endless, `'${formula}`])
    expect([await elementsOf(page), await widthOf(page)]).toEqual([1, 360])
  })

  it('shows lines that were refused as text', async () => {
    const told = [{ type: markup }, { type: 'sent', msg_id: image, registration_id: turning }]
    const body = [...told.map((line) => JSON.stringify(line)), endless.repeat(20)].join('\n')
    await server.ask('/v1/events', { method: 'POST', body })
    const page = await visit(server.url, '#/feed', { as: [{ key, secret }], ...phone })
    await page.getByText(markup).first().waitFor()
    expect(await page.locator('.begun').count()).toBe(3)
    expect([await elementsOf(page), await widthOf(page)]).toEqual([1, 360])
  })

  it('stays itself at any address', async () => {
    const page = await visit(server.url, '', { as: [{ key, secret }], ...phone })
    for (const [place, says] of [
      [`#/messages/${encodeURIComponent(markup)}`, 'This is no message id.'],
      [`#/messages/${markup}`, 'There is no such page'],
      ['#/messages/%E0%A4%A', 'There is no such page'],
      [`#/messages?day=${image}`, '1 message loaded'],
      [`#/${endless.repeat(30)}`, 'There is no such page'],
      ['#/messages/9223372036854775808', 'This is no message id.'],
    ] as const) {
      await page.goto(`${server.url}/${place}`)
      await page.getByText(says).first().waitFor()
      expect([place, await elementsOf(page), await widthOf(page)]).toEqual([place, 1, 360])
    }
  })

  it.each(['en-US', 'zh-CN'])('stays whole under enormous numbers in %s', async (locale) => {
    const huge = await startConsole({ store: enormous(openMemory()) })
    onTestFinished(huge.close)
    await huge.told({ msgId, platform: 'ios', channel: 'apns', stage: 'sent', devices: 1 })
    const page = await visit(huge.url, `#/messages/${msgId}`, {
      as: [{ key, secret }],
      locale,
      ...phone,
    })
    // Of both kinds.
    const full = (2 * largest).toLocaleString('en')
    const target = page.getByTestId('stage-target')
    await expect.poll(() => target.locator('.unseen').textContent(), soon).toBe(full)
    expect(await target.locator('[aria-hidden]').textContent()).toMatch(/^[\d.,]+(T|万亿)$/)
    const widths = [await widthOf(page)]
    await page.goto(`${huge.url}/#/`)
    await expect.poll(() => page.locator('canvas').count(), soon).toBe(3)
    widths.push(await widthOf(page))
    await page.goto(`${huge.url}/#/messages`)
    await page.locator('.message-item').waitFor()
    widths.push(await widthOf(page))
    expect(widths).toEqual([360, 360, 360])
  })

  it('comes in few bytes, and is kept', async () => {
    const page = await visit(server.url, '', { as: [{ key, secret }] })
    const transferred = async () => {
      await expect.poll(() => page.locator('canvas').count(), soon).toBe(3)
      return await page.evaluate<{ name: string; transferSize: number }[]>(
        `performance.getEntries().filter(({ transferSize }) => transferSize !== undefined)
          .map(({ name, transferSize }) => ({ name, transferSize }))`,
      )
    }
    const first = await transferred()
    const bytes = first.reduce((sum, { transferSize }) => sum + transferSize, 0)
    expect(first.filter(({ name }) => name.includes('/assets/')).length).toBeGreaterThan(1)
    expect(bytes).toBeGreaterThan(10_000)
    expect(bytes).toBeLessThan(120_000)
    await page.reload()
    const again = (await transferred()).filter(({ name }) => name.includes('/assets/'))
    expect(again.filter(({ transferSize }) => transferSize > 0)).toEqual([])
  })
})
