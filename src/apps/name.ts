// What people may call an app or a token.

const lengthMax = 100

/** 1–100 characters without control characters. */
export const isName = (text: string): boolean => {
  const length = [...text].length
  return length >= 1 && length <= lengthMax && !/[\p{Cc}\p{Cs}]/u.test(text)
}
