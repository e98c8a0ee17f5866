import { type AvroConversion, avro, type SchemaRegistry } from 'millrace/schema-registry'

class Money {
  constructor(
    readonly cents: number,
    readonly currency: string,
  ) {}
}

const money: AvroConversion<number, Money> = {
  fromValue: (cents, { currency }) => new Money(cents, String(currency)),
  toValue: ({ cents }) => cents,
}

const price = { type: 'long', logicalType: 'money', currency: 'EUR' } as const

/** A serde of Money. */
export const prices = (registry: SchemaRegistry) => avro({ registry, schema: price, logicalTypes: { money } })
