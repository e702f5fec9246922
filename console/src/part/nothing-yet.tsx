// What an app sees that nothing was told of yet: what to tell first, and how.
import { useTexts } from '../state/language.ts'
import { useApp } from '../state/session.ts'
import { CodeBlock } from './copy.tsx'

const exampleOf = (origin: string, key: string): string =>
  `curl -u '${key}:MASTER_SECRET' ${origin}/v1/events --data-binary '
{"type":"register","registration_id":"device-1","platform":"android"}
{"type":"target","msg_id":1001,"registration_id":"device-1","platform":"android"}
{"type":"sent","msg_id":1001,"registration_id":"device-1","platform":"android"}
{"type":"received","msg_id":1001,"registration_id":"device-1","platform":"android"}'`

export const NothingYet = () => {
  const { empty } = useTexts()
  const app = useApp()
  return (
    <section class="panel empty">
      <h2>{empty.title}</h2>
      <p>{empty.lead}</p>
      <ol>
        {empty.steps.map((step) => (
          <li key={step}>{step}</li>
        ))}
      </ol>
      <p>{empty.curl}</p>
      <CodeBlock text={exampleOf(window.location.origin, app?.key ?? 'KEY')} />
      <p class="lead">{empty.more}</p>
    </section>
  )
}
