import { RegionInfo } from 'aws-cdk-lib/region-info'
import { regionSchema } from '../../lambda/domain/offer.ts'

const known = new Set(RegionInfo.regions.filter(({ partition }) => partition === 'aws').map(({ name }) => name))

/** A region of AWS; those of China and of governments are partitions of their own. */
export const awsRegionSchema = regionSchema.refine((name) => known.has(name), 'a region of AWS such as us-east-1')
