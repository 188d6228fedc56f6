import * as z from 'zod'
import { operation } from '../../../local/aws/operation.ts'
import { onEverything, reading, type Describe } from '../../../local/iam/operations/access.ts'
import { AwsError, type Service } from '../../../local/aws/service.ts'

export interface Peering {
  id: string
  status: 'pending-acceptance' | 'active' | 'rejected' | 'expired'
  from: { account: string; vpcId: string; cidr: string }
  to: { account: string; vpcId: string; cidr: string }
}

const describeInput = z.object({ VpcPeeringConnectionIds: z.array(z.string()).optional() })
const oneInput = z.object({ VpcPeeringConnectionId: z.string() })

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html */
function onPeering(action: string, others: (input: z.infer<typeof oneInput>) => string[]): Describe {
  return reading(oneInput, (input, { account, region }) =>
    [`vpc-peering-connection/${input.VpcPeeringConnectionId}`, ...others(input)].map((resource) => {
      return { action, resource: `arn:aws:ec2:${region}:${account}:${resource}` }
    }),
  )
}

/** Local behaviour: the three operations that the kind calls, on the peerings that a test puts there. */
export function createEc2(peerings: Peering[]): Service {
  const answer = (id: string, account: string, status: Peering['status']): void => {
    const peering = peerings.find((one) => one.id === id && one.to.account === account)
    if (peering?.status !== 'pending-acceptance') throw new AwsError('InvalidStateTransition', 'It is not pending.')
    peering.status = status
  }
  return {
    // Beside this file; a kind of the app has its model in local/aws/models.
    model: '../../../test/examples/vpc-peering/ec2',
    rights: {
      DescribeVpcPeeringConnections: onEverything('ec2:DescribeVpcPeeringConnections'),
      AcceptVpcPeeringConnection: onPeering('ec2:AcceptVpcPeeringConnection', ({ VpcPeeringConnectionId: id }) =>
        peerings.filter((one) => one.id === id).map(({ to }) => `vpc/${to.vpcId}`),
      ),
      RejectVpcPeeringConnection: onPeering('ec2:RejectVpcPeeringConnection', () => []),
    },
    operations: {
      DescribeVpcPeeringConnections: operation(describeInput, ({ input, caller }) => ({
        VpcPeeringConnections: peerings
          .filter(
            ({ id, to }) => to.account === caller.account && (input.VpcPeeringConnectionIds?.includes(id) ?? true),
          )
          .map(shown),
      })),
      AcceptVpcPeeringConnection: operation(oneInput, ({ input, caller }) => {
        answer(input.VpcPeeringConnectionId, caller.account, 'active')
      }),
      RejectVpcPeeringConnection: operation(oneInput, ({ input, caller }) => {
        answer(input.VpcPeeringConnectionId, caller.account, 'rejected')
      }),
    },
  }
}

function shown({ id, status, from, to }: Peering): Record<string, unknown> {
  const vpc = ({ account, vpcId, cidr }: Peering['from']): Record<string, string> => {
    return { OwnerId: account, VpcId: vpcId, CidrBlock: cidr }
  }
  return { VpcPeeringConnectionId: id, Status: status, RequesterVpcInfo: vpc(from), AccepterVpcInfo: vpc(to) }
}
