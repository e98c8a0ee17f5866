/** What all topologies of chaos runs have in common. */
export const APPLICATION = 'chaos'
export const PARTITIONS = 4
