// The pictures of the console in docs/images, taken anew: `npm run build`, then
// `node --import tsx scripts/screenshots.ts`. Chinese wants a font: apt-get install fonts-noto-cjk.

import { mkdirSync, statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { launchBrowser } from '../test/support/browser.ts'
import { openShop, type Shop } from '../test/support/shop.ts'

/** An evening of the shop's, so that the day is full. */
const nowMs = Date.parse('2026-11-20T21:30:00+08:00')
const devices = 2_000
const folder = fileURLToPath(new URL('../docs/images', import.meta.url))

interface Picture extends BrowserContextOptions {
  readonly name: string
  readonly place: (shop: Shop) => string
  /** Waits until all is there, and shows the best of it. */
  readonly pose: (page: Page, shop: Shop) => Promise<void>
}

const desktop = { width: 1280, height: 860 }
const msgIdOf = ({ world }: Shop, name: string): string =>
  world.pushes.find((push) => push.name === name)?.msgId ?? ''

const pictures: readonly Picture[] = [
  {
    name: 'console-overview',
    place: () => '#/',
    pose: async (page) => {
      // From sixty days to the last fifteen: nothing was told before.
      await page.locator('canvas').nth(2).waitFor()
      const plot = page.locator('.plot-place').first()
      await plot.focus()
      for (const key of ['+', '+', ...Array<string>(12).fill('ArrowRight')]) await plot.press(key)
      await plot.blur()
    },
    viewport: desktop,
    locale: 'en-US',
  },
  {
    name: 'console-message-zh',
    place: (shop) => `#/messages/${msgIdOf(shop, 'Flash sale: two hours only')}`,
    pose: (page) => page.locator('canvas').waitFor(),
    viewport: desktop,
    locale: 'zh-CN',
    colorScheme: 'dark',
  },
  {
    name: 'console-messages-phone',
    place: () => '#/messages',
    pose: async (page, shop) => {
      const msgId = msgIdOf(shop, 'Broadcast: Fresh fruit')
      await page.getByText(msgId).scrollIntoViewIfNeeded()
      await page.mouse.wheel(0, 300)
    },
    viewport: { width: 390, height: 780 },
    locale: 'en-US',
  },
]

const take = async (browser: Browser, shop: Shop, picture: Picture): Promise<void> => {
  const { name, place, pose, ...options } = picture
  const { key, secret, server } = shop
  const context = await browser.newContext(options)
  await context.request.post(`${server.url}/v1/sessions`, { data: { key, secret } })
  const page = await context.newPage()
  await page.clock.setFixedTime(nowMs)
  await page.goto(`${server.url}/${place(shop)}`)
  await pose(page, shop)
  const path = `${folder}/${name}.webp`
  await page.screenshot({ path, type: 'webp', quality: 80 })
  console.log(`${path}: ${Math.round(statSync(path).size / 1000)} kB`)
  await context.close()
}

mkdirSync(folder, { recursive: true })
const shop = await openShop({ devices, nowMs, name: 'Demo shop' })
const browser = await launchBrowser()
for (const picture of pictures) await take(browser, shop, picture)
await browser.close()
await shop.server.close()
