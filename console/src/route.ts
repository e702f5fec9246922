// Where in the console one is, as the hash of the address says it: `#/messages/42`. Pure.

export const FEED_HOURS = [24, 168, 744] as const
export type FeedHours = (typeof FEED_HOURS)[number]

export type Route =
  | { readonly page: 'overview' }
  | { readonly page: 'messages'; readonly day?: string }
  | { readonly page: 'message'; readonly msgId: string }
  | { readonly page: 'devices'; readonly msgId?: string }
  | { readonly page: 'feed'; readonly hours: FeedHours }
  | { readonly page: 'log-in' }
  | { readonly page: 'lost' }

export type PageName = Route['page']

const dayForm = /^\d{4}-\d{2}-\d{2}$/

const decoded = (text: string): string | undefined => {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}

export const parseRoute = (hash: string): Route => {
  const [path = '', search = ''] = hash.replace(/^#?\/?/, '').split(/\?(.*)/s)
  const query = new URLSearchParams(search)
  const [noun = '', id, ...rest] = path.replace(/\/$/, '').split('/')
  if (rest.length > 0) return { page: 'lost' }
  if (noun === 'messages' && id !== undefined) {
    const msgId = decoded(id)
    return msgId === undefined ? { page: 'lost' } : { page: 'message', msgId }
  }
  return id === undefined ? pageOf(noun, query) : { page: 'lost' }
}

const pageOf = (noun: string, query: URLSearchParams): Route => {
  if (noun === '') return { page: 'overview' }
  if (noun === 'messages') {
    const day = query.get('day') ?? ''
    return dayForm.test(day) ? { page: 'messages', day } : { page: 'messages' }
  }
  if (noun === 'devices') {
    const msgId = query.get('msg_id')
    return msgId === null ? { page: 'devices' } : { page: 'devices', msgId }
  }
  if (noun === 'feed') {
    const hours = Number(query.get('hours'))
    return { page: 'feed', hours: FEED_HOURS.find((each) => each === hours) ?? FEED_HOURS[0] }
  }
  return noun === 'log-in' ? { page: 'log-in' } : { page: 'lost' }
}

export const hashOf = (route: Route): string => {
  if (route.page === 'overview' || route.page === 'lost') return '#/'
  if (route.page === 'message') return `#/messages/${encodeURIComponent(route.msgId)}`
  const query = new URLSearchParams()
  if (route.page === 'messages' && route.day !== undefined) query.set('day', route.day)
  if (route.page === 'devices' && route.msgId !== undefined) query.set('msg_id', route.msgId)
  if (route.page === 'feed' && route.hours !== FEED_HOURS[0]) {
    query.set('hours', String(route.hours))
  }
  const search = query.toString()
  return `#/${route.page}${search === '' ? '' : `?${search}`}`
}
