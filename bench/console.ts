// What the console takes in a browser on this machine: the bytes of the first visit, and the tasks that
// held up its page for longer than 50 ms, which one notices. Prints them; nothing is judged.
import type { Browser, Page } from 'playwright-core'
import { launchBrowser } from '../test/support/browser.ts'
import { openShop, type Shop } from '../test/support/shop.ts'

const devices = 3_000
const asked = 1_000

interface Task {
  readonly startTime: number
  readonly duration: number
}

const noteLongTasks = `globalThis.longTasks = []
new PerformanceObserver((list) => {
  for (const { startTime, duration } of list.getEntries()) longTasks.push({ startTime, duration })
}).observe({ type: 'longtask', buffered: true })`

const idle = `new Promise((resolve) => requestIdleCallback(resolve))`

interface Step {
  readonly name: string
  readonly place: string
  readonly does: (page: Page, shop: Shop) => Promise<void>
}

const lookUp = async (page: Page, { world }: Shop): Promise<void> => {
  await page.locator('#msg-id').fill(world.pushes[0]?.msgId ?? '')
  const ids = world.devices.slice(0, asked).map(({ id }) => id)
  // Typed in by the driver, a thousand lines hold up any page for seconds.
  await page.evaluate(`{
    const field = document.getElementById('ids')
    field.value = ${JSON.stringify(ids.join('\n'))}
    field.dispatchEvent(new InputEvent('input', { bubbles: true }))
  }`)
  await page.locator('form button[type=submit]').click()
  await page
    .locator('tbody tr')
    .nth(asked - 1)
    .waitFor()
}

const steps: readonly Step[] = [
  {
    name: 'log-in',
    place: '#/log-in',
    does: (page) => page.locator('#key').waitFor(),
  },
  {
    name: 'overview, three plots of 60 days',
    place: '#/',
    does: (page) => page.locator('canvas').nth(2).waitFor(),
  },
  {
    name: 'ingest, plots of 31 days by the hour',
    place: '#/feed?hours=744',
    does: (page) => page.locator('canvas').first().waitFor(),
  },
  {
    name: 'messages, 200 of them',
    place: '#/messages',
    does: async (page) => {
      for (const last of [49, 99, 149, 199]) {
        await page.locator('.message-item').nth(last).scrollIntoViewIfNeeded()
      }
    },
  },
  { name: `devices, ${asked} rows`, place: '#/devices', does: lookUp },
  {
    name: `devices, ${asked} rows sorted`,
    place: '#/devices',
    does: async (page, shop) => {
      await lookUp(page, shop)
      await page.locator('thead button').first().click()
      await page
        .locator('tbody tr')
        .nth(asked - 1)
        .waitFor()
    },
  },
]

const measure = async (browser: Browser, shop: Shop, { name, place, does }: Step) => {
  const { url } = shop.server
  const context = await browser.newContext({ locale: 'en-US' })
  await context.request.post(`${url}/v1/sessions`, { data: { key: shop.key, secret: shop.secret } })
  await context.addInitScript(noteLongTasks)
  const page = await context.newPage()
  await page.goto(`${url}/${place}`)
  await does(page, shop)
  await page.evaluate(idle)
  const tasks = await page.evaluate<Task[]>('longTasks')
  const bytes = await page.evaluate<number>(
    'performance.getEntries().reduce((sum, { transferSize = 0 }) => sum + transferSize, 0)',
  )
  await context.close()
  const longest = tasks.map(({ duration }) => `${Math.round(duration)} ms`).join(', ') || 'none'
  console.log(`${name}: ${(bytes / 1000).toFixed(1)} kB, tasks over 50 ms: ${longest}`)
}

const shop = await openShop({ devices })
const browser = await launchBrowser()
// The first page of a browser warms it up.
for (const step of [steps[0], ...steps]) if (step) await measure(browser, shop, step)
await browser.close()
await shop.server.close()
