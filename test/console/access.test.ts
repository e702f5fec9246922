// The console for everyone: by the keyboard alone, in either language, on a phone, and with whatever axe
// finds that would keep people out.
import axe, { type AxeResults } from 'axe-core'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { MessageHoursBody } from '../../src/http/endpoint/wire.ts'
import { haveBrowser } from '../support/browser.ts'
import { key, secret } from '../support/server.ts'
import { openShop, type Shop } from '../support/shop.ts'
import { exported } from './read.ts'
import { focused, openVisits, soon } from './visit.ts'

/** Goes on by the keyboard until what is called so has the focus. */
const goTo = async (page: Page, called: string, step: 'Tab' | 'Shift+Tab' = 'Tab') => {
  const met: string[] = []
  while (met.at(-1) !== called) {
    if (met.length > 60) throw new Error(`no ${called} among ${met.join(', ')}`)
    await page.keyboard.press(step)
    met.push(await focused(page))
  }
}

describe.skipIf(!haveBrowser())('the console', () => {
  const visit = openVisits()
  let shop: Shop
  let saleDay: string
  beforeAll(async () => {
    shop = await openShop()
    await shop.tell({ type: 'sent', msg_id: 'x' }, 'nothing')
    const path = `/v1/messages/hours?msg_id=${sale().msgId}`
    saleDay = (await shop.ask<MessageHoursBody>(path)).hours[0]!.hour.slice(0, 10)
  })
  afterAll(() => shop.server.close())
  const sale = () => shop.world.pushes.find(({ name }) => name.startsWith('Flash sale'))!

  /** Every page, as far as it goes by itself, and what is there once it is all there. */
  const pages: Readonly<Record<string, (page: Page) => Promise<void>>> = {
    '#/': async (page) => {
      await expect.poll(() => page.locator('canvas').count(), soon).toBe(3)
    },
    '#/messages?day=DAY': (page) => page.locator('.message-item').first().waitFor(),
    '#/messages/SALE': (page) => page.locator('canvas').waitFor(),
    '#/devices': async (page) => {
      await page.locator('#msg-id').fill(sale().msgId)
      const ids = shop.world.devices.slice(0, 60).map(({ id }) => id)
      await page.locator('#ids').fill(['nobody', ...ids].join('\n'))
      await page.locator('form button[type=submit]').click()
      await page.locator('.table tbody tr').nth(60).waitFor()
    },
    '#/feed': async (page) => {
      await expect.poll(() => page.locator('canvas').count(), soon).toBe(2)
    },
    '#/log-in': (page) => page.locator('#key').waitFor(),
    '#/nowhere': (page) => page.locator('h1').waitFor(),
  }
  const places = Object.keys(pages)
  const hashOf = (place: string) => place.replace('SALE', sale().msgId).replace('DAY', saleDay)

  it('is used by the keyboard alone', async () => {
    const page = await visit(shop.server.url, '')
    await expect.poll(() => focused(page), soon).toBe('#key')
    await page.keyboard.type(shop.key)
    await goTo(page, '#secret')
    await page.keyboard.type(shop.secret)
    await page.keyboard.press('Enter')
    await page.getByTestId('tile-active').waitFor()

    await goTo(page, 'Messages', 'Shift+Tab')
    await page.keyboard.press('Enter')
    await page.locator('.message-item').first().waitFor()
    expect(await focused(page)).toBe('Messages')
    const [first, second] = await page.locator('.message-item a').allTextContents()
    await goTo(page, `Select message ${first}`)
    await page.keyboard.press('Space')
    await goTo(page, `Select message ${second}`)
    await page.keyboard.press('Space')
    await page.getByText('2 of at most 100 selected').waitFor()
    await goTo(page, 'Export CSV', 'Shift+Tab')
    const [, ...rows] = await exported(page, () => page.keyboard.press('Enter'))
    expect(rows.map(([id]) => id!.replace(/^'/, ''))).toEqual([first, second])

    await goTo(page, first!)
    await page.keyboard.press('Enter')
    await page.getByTestId('stage-target').waitFor()
    expect(await focused(page)).toBe(`Message ${first}`)
    await goTo(page, 'App: Shop. Switch, add or log out', 'Shift+Tab')
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: 'Log out of Shop' }).waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'Log out of Shop' }).waitFor({ state: 'hidden' })
    expect(await focused(page)).toBe('App: Shop. Switch, add or log out')
    await page.keyboard.press('Enter')
    await goTo(page, 'Log out of Shop')
    await page.keyboard.press('Enter')
    await expect.poll(() => focused(page), soon).toBe('#key')
  })

  it('lets a keyboard past what stands on every page, and into its plots', async () => {
    const page = await visit(shop.server.url, '#/feed', { as: [shop] })
    await pages['#/feed']!(page)
    await page.keyboard.press('Tab')
    expect(await focused(page)).toBe('Skip to the content')
    await page.keyboard.press('Enter')
    expect(await focused(page)).toBe('#content')
    const plot = page.locator('.plot-place').first()
    const drawn = () =>
      page.evaluate<string>(`document.querySelector('.plot-place canvas').toDataURL()`)
    await plot.focus()
    const whole = await drawn()
    await page.keyboard.press('+')
    await expect.poll(drawn, soon).not.toBe(whole)
    await page.keyboard.press('Escape')
    await expect.poll(drawn, soon).toBe(whole)
  })

  it.each(places)('has nothing serious that axe finds at %s, light or dark', async (place) => {
    const as = place === '#/log-in' ? [] : [shop]
    const page = await visit(shop.server.url, hashOf(place), { as })
    await pages[place]!(page)
    // Those before are like them.
    for (const summary of (await page.locator('main details > summary').all()).slice(-2)) {
      await summary.click()
    }
    await page.evaluate(axe.source)
    const found = async (rules: string) => {
      const asked = `axe.run({ ${rules} resultTypes: ['violations'] })`
      const { violations } = await page.evaluate<AxeResults>(asked)
      return violations
        .filter(({ impact }) => impact === 'serious' || impact === 'critical')
        .map(({ id, nodes }) => [id, ...nodes.map(({ html }) => html.slice(0, 200))])
    }
    expect(await found('')).toEqual([])
    await page.emulateMedia({ colorScheme: 'dark' })
    await page.locator('html[data-theme=dark]').waitFor()
    expect(await found(`runOnly: ['color-contrast'],`)).toEqual([])
  })

  it.each(['en-US', 'zh-CN'])('fits a phone in %s', async (locale) => {
    const options = { locale, viewport: { width: 360, height: 740 }, as: [shop] }
    const page = await visit(shop.server.url, '', options)
    const wide: string[] = []
    for (const place of places) {
      await page.goto(`${shop.server.url}/${hashOf(place)}`)
      await pages[place]!(page)
      const width = await page.evaluate<number>('document.documentElement.scrollWidth')
      if (width > 360) wide.push(`${place}: ${width}`)
    }
    expect(wide).toEqual([])
  })

  it.each([
    ['zh-CN', 'zh-CN', '概览'],
    ['en-US', 'en', 'Overview'],
  ])('speaks to a browser of %s in %s', async (locale, spoken, title) => {
    const page = await visit(shop.server.url, '', { locale, as: [shop] })
    await page.getByRole('heading', { level: 1, name: title }).waitFor()
    expect(await page.locator('html').getAttribute('lang')).toBe(spoken)
    expect(await page.title()).toBe(`${title} · Shop · pushledger`)
  })

  it('changes its language at once, and remembers it', async () => {
    const page = await visit(shop.server.url, '#/feed', { as: [{ key, secret }] })
    await page.getByRole('heading', { name: 'Ingest' }).waitFor()
    await page.getByLabel('Language').selectOption('中文')
    await page.getByRole('heading', { name: '上报状况' }).waitFor()
    await page.reload()
    await page.getByRole('heading', { name: '上报状况' }).waitFor()
    await page.getByLabel('外观').selectOption('深色')
    await page.reload()
    await page.locator('html[data-theme=dark][lang=zh-CN]').waitFor()
  })
})
