// Tries something again and again until it succeeds.

const everyMs = 20
const patienceMs = 60_000

/** Rejects with the last failure when it took too long. */
export const until = async <T>(attempt: () => T | Promise<T>): Promise<T> => {
  const endsMs = performance.now() + patienceMs
  for (;;) {
    try {
      return await attempt()
    } catch (error) {
      if (performance.now() > endsMs) throw error
    }
    await new Promise((resolve) => setTimeout(resolve, everyMs))
  }
}
