// A Fastify server with one bare route that answers the bytes it was started with: what a report costs
// that asks nothing. Prints where it listens.
import fastify from 'fastify'

const app = fastify()
const bytes = process.argv[2] ?? '[]'
app.get('/v3/received', (_, reply) => {
  reply.header('content-type', 'application/json; charset=utf-8')
  return bytes
})
console.log(await app.listen({ host: '127.0.0.1', port: 0 }))
