// A held value that this browser remembers, where it lets us. What is remembered is text of a closed
// list or a key; anything else found there is as good as nothing.
import { type Held, held } from './held.ts'

const read = (storage: () => Storage, name: string): string | null => {
  try {
    return storage().getItem(name)
  } catch {
    return null
  }
}

const write = (storage: () => Storage, name: string, value: string): void => {
  try {
    storage().setItem(name, value)
  } catch {
    // A browser that refuses storage forgets, and works.
  }
}

/** A choice that all tabs share. */
export const rememberedChoice = <Choice extends string>(
  name: string,
  choices: readonly Choice[],
  otherwise: Choice,
): Held<Choice> => {
  const storage = () => window.localStorage
  const found = read(storage, name)
  const choice = held(choices.find((each) => each === found) ?? otherwise)
  choice.watch((value) => write(storage, name, value))
  return choice
}

/** Text of this tab; a new tab begins with what any tab wrote last. */
export const rememberedText = (name: string): Held<string> => {
  const ofTab = () => window.sessionStorage
  const ofAll = () => window.localStorage
  const text = held(read(ofTab, name) ?? read(ofAll, name) ?? '')
  text.watch((value) => {
    write(ofTab, name, value)
    write(ofAll, name, value)
  })
  return text
}
