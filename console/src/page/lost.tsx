// An address that no page has.
import { Page } from '../part/page.tsx'
import { hashOf } from '../route.ts'
import { useTexts } from '../state/language.ts'

export const Lost = () => {
  const { lost } = useTexts()
  return (
    <Page title={lost.title}>
      <p>
        <a href={hashOf({ page: 'overview' })}>{lost.back}</a>
      </p>
    </Page>
  )
}
