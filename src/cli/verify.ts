// pushledger verify: walks a directory, beside a running server too, and tells what is wrong with it.
import type { Command } from 'commander'
import { systemClock } from '../runtime/clock.ts'
import { type Finding, verifyDirectory } from '../store/verify.ts'
import { count } from './columns.ts'
import { type Common, ledgerAt, mapBytesOf } from './tables.ts'
import { addData, addJson, print, Refused } from './usage.ts'

export const addVerify = (program: Command): void => {
  const verb = program
    .command('verify')
    .description('read everything in a directory and tell what is damaged; exit code 1 if any is')
  addJson(addData(verb)).action(run)
}

const run = async ({ data, mapSize, json }: Common): Promise<void> => {
  const dir = ledgerAt(data)
  const findings: Finding[] = []
  const onFinding = (finding: Finding): void => {
    findings.push(finding)
    if (!json) print(`${finding.where}: ${finding.what}`)
  }
  const mapBytes = mapBytesOf(mapSize)
  const { verified } = await verifyDirectory(dir, systemClock(), onFinding, mapBytes)
  if (json) print(JSON.stringify({ findings, ...verified }))
  else if (verified !== undefined) {
    const { apps, devices, messages, values, bytes } = verified
    print(
      `${count(apps)} apps, ${count(messages)} messages, ${count(devices)} devices; ` +
        `${count(values)} values of ${count(bytes)} bytes read`,
    )
  }
  if (findings.length > 0) {
    const many = findings.length === 1 ? 'one thing is' : `${count(findings.length)} things are`
    throw new Refused(`${many} wrong with ${dir}: put a backup in its place`)
  }
  if (!json) print('nothing is wrong')
}
