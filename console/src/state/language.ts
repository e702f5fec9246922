// The language of the console: what was chosen here, or else what the browser prefers.
import { en, type Texts } from '../text/en.ts'
import { LANGUAGES, type Language, preferred } from '../text/language.ts'
import { type Numbers, numbersOf } from '../text/number.ts'
import { zh } from '../text/zh.ts'
import { useHeld } from './held.ts'
import { rememberedChoice } from './remembered.ts'

export const textsOf: Readonly<Record<Language, Texts>> = { en, zh }

const choice = rememberedChoice('pushledger.language', ['auto', ...LANGUAGES], 'auto')

const current = (): Language => {
  const chosen = choice.get()
  return chosen === 'auto' ? preferred(navigator.languages) : chosen
}

export const setLanguage = (language: Language): void => choice.set(language)

export const useLanguage = (): Language => {
  useHeld(choice)
  return current()
}

export const useTexts = (): Texts => textsOf[useLanguage()]

const numbers: Partial<Record<Language, Numbers>> = {}

export const useNumbers = (): Numbers => {
  const language = useLanguage()
  const made = numbers[language] ?? numbersOf(textsOf[language].locale)
  numbers[language] = made
  return made
}

/** Keeps the document's own idea of its language right. */
export const showLanguage = (): void => {
  const show = () => document.documentElement.setAttribute('lang', textsOf[current()].locale)
  choice.watch(show)
  show()
}
