import { type AsyncEffect, type AsyncOperator, AsyncProcessor } from './async-operator.js'
import { type KeyValue, requireKeyValue } from './map.js'
import type { ProcessorSupplier } from './processor.js'
import { listOf } from './user-function.js'

const supplierOf =
  <K, V, R, KR, VR>(
    operator: AsyncOperator<K, V, R>,
    effect: AsyncEffect<K, V, R, KR, VR>,
  ): ProcessorSupplier<K, V, KR, VR> =>
  () =>
    new AsyncProcessor(operator, effect)

function keyValue<T extends KeyValue<unknown, unknown>>(result: T): T {
  requireKeyValue(result)
  return result
}

function keyValues<KR, VR>(result: Iterable<KeyValue<KR, VR>>): readonly KeyValue<KR, VR>[] {
  const mapped = listOf(result)
  mapped.forEach(requireKeyValue)
  return mapped
}

/** Gives each record the key and value that its call is answered with. */
export const mapAsync = <K, V, KR, VR>(
  operator: AsyncOperator<K, V, KeyValue<KR, VR>>,
): ProcessorSupplier<K, V, KR, VR> =>
  supplierOf(operator, {
    read: keyValue,
    forward: ({ timestamp }, [key, value], downstream) => downstream.process(key, value, timestamp),
  })

/** Gives each record the value that its call is answered with. */
export const mapValuesAsync = <K, V, VR>(operator: AsyncOperator<K, V, VR>): ProcessorSupplier<K, V, K, VR> =>
  supplierOf(operator, {
    read: (result) => result,
    forward: ({ key, timestamp }, result, downstream) => downstream.process(key, result, timestamp),
  })

/** Passes on the records whose call is answered with something true. */
export const filterAsync = <K, V>(operator: AsyncOperator<K, V, boolean>): ProcessorSupplier<K, V, K, V> =>
  supplierOf(operator, {
    read: (result) => result,
    forward: ({ key, value, timestamp }, kept, downstream) => {
      if (kept) downstream.process(key, value, timestamp)
    },
  })

/** Makes any number of records of each, with the keys and values that its call is answered with. */
export const flatMapAsync = <K, V, KR, VR>(
  operator: AsyncOperator<K, V, Iterable<KeyValue<KR, VR>>>,
): ProcessorSupplier<K, V, KR, VR> =>
  supplierOf(operator, {
    read: keyValues,
    forward: ({ timestamp }, mapped, downstream) => {
      for (const [key, value] of mapped as readonly KeyValue<KR, VR>[])
        downstream.process(key, value, timestamp)
    },
  })
