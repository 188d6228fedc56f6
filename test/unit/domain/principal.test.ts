import { mayBeSamePrincipal } from '../../../lambda/domain/principal.ts'

const us = '111111111111'
const role = `arn:aws:iam::${us}:role/teams/eu/Admin`
const session = `arn:aws:sts::${us}:assumed-role/Admin/ann`
const user = `arn:aws:iam::${us}:user/teams/ann`

describe('whether two principals may be the same person', () => {
  it.each<[string, string[], boolean]>([
    ['the same session', [session, session], true],
    ['a role and its session, without the path', [role, session], true],
    ['a role with another path: names are unique', [`arn:aws:iam::${us}:role/Admin`, session], true],
    ['every session, written so', [`arn:aws:sts::${us}:assumed-role/Admin/*`, session], true],
    ['a session without a name', [`arn:aws:sts::${us}:assumed-role/Admin`, session], true],
    ['another case', [role.replace('Admin', 'ADMIN'), session], true],
    ['the same user', [user, user], true],
    ['the same root', [`arn:aws:iam::${us}:root`, `arn:aws:iam::${us}:root`], true],
    ['another session of the role', [`arn:aws:sts::${us}:assumed-role/Admin/bob`, session], false],
    ['another role', [role.replace('Admin', 'Administrator'), session], false],
    ['a role of another account', [role.replace(us, '222222222222'), session], false],
    ['a role of another partition', [role.replace('aws', 'aws-cn'), session], false],
    ['a user of the name of the role', [`arn:aws:iam::${us}:user/Admin`, session], false],
    ['another user', [`arn:aws:iam::${us}:user/ann`, user], false],
    ['the root and a user', [`arn:aws:iam::${us}:root`, user], false],
    ['a group of the name of the session', [`arn:aws:iam::${us}:group/Admin`, role], false],
  ])('%s', (_, [one = '', other = ''], same) => {
    expect([mayBeSamePrincipal(one, other), mayBeSamePrincipal(other, one)]).toEqual([same, same])
  })
})
