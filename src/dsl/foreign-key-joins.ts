import { notifySubscribers } from '../../operators/foreign-key-notify.js'
import { type ForeignKeyJoiner, resolveAnswers } from '../../operators/foreign-key-resolve.js'
import { type ForeignKeyExtractor, subscribe } from '../../operators/foreign-key-subscribe.js'
import { answerSubscriptions, receiveSubscriptions } from '../../operators/foreign-key-subscriptions.js'
import {
  combinedKey,
  foreignKeyPrefix,
  type SubscriptionAnswer,
  subscription,
  subscriptionAnswer,
  subscriptionRow,
} from '../serdes/foreign-key.js'
import { sameBytes } from '../serdes/same-bytes.js'
import type { Serde } from '../serdes/serde.js'
import type { KeyValueStoreDefinition } from '../state/store-definition.js'
import type { Erased, LogicalOperator, LogicalRepartition } from '../topology/logical-graph.js'
import type { StreamPartitioner } from '../topology/sub-topology.js'
import type { RowStoreOptions } from './operator-options.js'
import { rowStore } from './row-store.js'
import { storeKeeping } from './store-keeping.js'
import { tableSourceNode } from './table-source-node.js'
import type { TableState } from './table-state.js'
import { SourceSupply } from './table-supply.js'
import { UnknownSerde } from './unknown-serde.js'

/** Two tables that a user joins by what the rows of one refer to. */
export interface ForeignKeyJoinRequest {
  readonly left: TableState
  readonly right: TableState
  readonly extractor: ForeignKeyExtractor<Erased, Erased, Erased>
  readonly joiner: ForeignKeyJoiner<Erased, Erased, Erased, Erased>
  /** Whether rows stay that meet none. */
  readonly keepsLeft: boolean
  /** How the user's call begins, for the cure in an error. */
  readonly call: string
  readonly options: RowStoreOptions<Erased> & {
    readonly value?: Serde<Erased> | undefined
    readonly otherPartitioner?: StreamPartitioner<Erased, Erased> | undefined
  }
}

const REGISTRATION = 'KTABLE-FK-JOIN-SUBSCRIPTION-REGISTRATION-'
const SUBSCRIPTION_STORE = 'KTABLE-FK-JOIN-SUBSCRIPTION-STATE-STORE-'
const SUBSCRIPTION_PROCESSOR = 'KTABLE-FK-JOIN-SUBSCRIPTION-PROCESSOR-'
const RESPONSE = 'KTABLE-FK-JOIN-SUBSCRIPTION-RESPONSE-'
const RESOLVER = 'KTABLE-FK-JOIN-SUBSCRIPTION-RESPONSE-RESOLVER-PROCESSOR-'
const OUTPUT = 'KTABLE-FK-JOIN-OUTPUT-'
const SINK = 'KTABLE-SINK-'
const SOURCE = 'KTABLE-SOURCE-'

/**
 * The table of a foreign-key join. Rows of the left table subscribe to those of the right one that they refer to, where
 * these are; answers come back to where the rows of the left table are, and are joined there.
 */
export function joinByForeignKey(request: ForeignKeyJoinRequest): TableState {
  return new ForeignKeyJoin(request).table()
}

class ForeignKeyJoin {
  constructor(private readonly request: ForeignKeyJoinRequest) {}

  table(): TableState {
    const { left, right, options } = this.request
    right.supply.sendOldValues(true)
    left.supply.sendOldValues(true)
    const registration = this.name(REGISTRATION, 'subscription-registration')
    const serdes = this.serdes(options.name ?? registration)
    const subscriptions = this.subscriptions(`${registration}-topic`, serdes)
    return this.resolved(this.answers(subscriptions, serdes), serdes)
  }

  /** The node that brings subscriptions to the partitions of the rows that they are to. */
  private subscriptions(topic: string, serdes: Serdes): LogicalRepartition {
    const { left, extractor, keepsLeft, options } = this.request
    const { otherPartitioner } = options
    const sender = this.operator(REGISTRATION, 'subscription-registration-processor', [left.node], {
      supplier: subscribe({
        extractor,
        value: serdes.leftValue,
        sameKey: sameBytes(serdes.rightKey),
        left: keepsLeft,
      }),
    })
    return this.through(topic, 'subscription-registration', [sender], {
      key: serdes.rightKey,
      value: subscription(serdes.leftKey),
      partitioner:
        otherPartitioner &&
        ((_, key, _value, partitions) => otherPartitioner(topic, key, undefined, partitions)),
    })
  }

  /** The node that brings answers back to the partitions of the rows that have subscribed. */
  private answers(subscriptions: LogicalRepartition, serdes: Serdes): LogicalRepartition {
    const { right } = this.request
    const { leftKey, rightKey, rightValue } = serdes
    const store: KeyValueStoreDefinition<Erased, Erased> = {
      kind: 'keyValue',
      name: this.name(SUBSCRIPTION_STORE, 'subscription-store'),
      key: combinedKey(rightKey, leftKey),
      value: subscriptionRow(leftKey, rightValue),
      ...storeKeeping(this.request.options),
      caching: false,
      logging: true,
      ordered: true,
    }
    const receiver = this.operator(SUBSCRIPTION_PROCESSOR, 'subscription-receive', [subscriptions], {
      supplier: receiveSubscriptions(store.name),
      store,
    })
    const rows = right.supply.view()
    const answering = this.operator(SUBSCRIPTION_PROCESSOR, 'subscription-join-foreign', [receiver], {
      supplier: answerSubscriptions(rows),
      uses: rows.stores,
      coPartitioned: [subscriptions, right.node],
    })
    const notifying = this.operator(SUBSCRIPTION_PROCESSOR, 'foreign-join-subscription', [right.node], {
      supplier: notifySubscribers({
        store: store.name,
        prefix: foreignKeyPrefix(rightKey),
        sameKey: sameBytes(rightKey),
      }),
      uses: [store.name],
    })
    const topic = `${this.name(RESPONSE, 'subscription-response')}-topic`
    return this.through(topic, 'subscription-response', [answering, notifying], {
      key: leftKey,
      value: subscriptionAnswer(rightValue),
      partitioner: (_, __, answer: SubscriptionAnswer<Erased>) => answer.primaryPartition,
    })
  }

  private resolved(answers: LogicalRepartition, { leftKey, leftValue }: Serdes): TableState {
    const { left, joiner, keepsLeft, options, call } = this.request
    const { builder } = left
    const rows = left.supply.view()
    const resolver = this.operator(RESOLVER, 'subscription-response-resolver', [answers], {
      supplier: resolveAnswers({ table: rows, value: leftValue, joiner, left: keepsLeft }),
      uses: rows.stores,
      coPartitioned: [answers, left.node],
    })
    const name = this.name(OUTPUT, 'result')
    const storeName = options.store ?? builder.names.store(OUTPUT)
    const isKept = options.store !== undefined
    const known = new UnknownSerde('the joiner made the values')
    const serde = (part: 'key' | 'value', known: Serde<Erased>) =>
      isKept
        ? builder.serde({ operator: name, call, part, given: options[part], known })
        : (options[part] ?? known)
    const serdes = { key: serde('key', leftKey), value: serde('value', known) }
    const store = rowStore(builder, name, { name: storeName, ...serdes, ...storeKeeping(options) }, options)
    const supply = new SourceSupply(store, isKept)
    const node = builder.add(tableSourceNode(name, resolver, supply))
    return { builder, node, ...serdes, supply }
  }

  private operator(
    prefix: string,
    suffix: string,
    parents: LogicalOperator['parents'],
    operator: Pick<LogicalOperator, 'supplier'> & Partial<LogicalOperator>,
  ): LogicalOperator {
    const { builder } = this.request.left
    const name = this.name(prefix, suffix)
    return builder.add<LogicalOperator>({ kind: 'operator', name, parents, store: undefined, ...operator })
  }

  private through(
    topic: string,
    suffix: string,
    parents: LogicalRepartition['parents'],
    records: Pick<LogicalRepartition, 'key' | 'value' | 'partitioner'>,
  ): LogicalRepartition {
    return this.request.left.builder.add<LogicalRepartition>({
      kind: 'repartition',
      parents,
      topic,
      filter: undefined,
      sinkName: this.name(SINK, `${suffix}-sink`),
      sourceName: this.name(SOURCE, `${suffix}-source`),
      partitions: undefined,
      ...records,
    })
  }

  /** The next name: a generated one, or one of the name of the join. */
  private name(prefix: string, suffix: string): string {
    const { left, options } = this.request
    return left.builder.names.operator(prefix, options.name && `${options.name}-${suffix}`)
  }

  private serdes(operator: string): Serdes {
    const { left, right } = this.request
    const known = (table: TableState, part: 'key' | 'value', whose: string): Serde<Erased> => {
      const serde = table[part]
      if (serde instanceof UnknownSerde) {
        const problem = `it needs the ${part} serde of ${whose} table, and ${serde.reason}`
        left.builder.refuse(operator, problem, `give the operator before the join one: { ${part}: ... }`)
      }
      return serde
    }
    return {
      leftKey: known(left, 'key', 'the left'),
      leftValue: known(left, 'value', 'the left'),
      rightKey: known(right, 'key', 'the right'),
      rightValue: known(right, 'value', 'the right'),
    }
  }
}

/** With which the keys and values of both tables become bytes. */
interface Serdes {
  readonly leftKey: Serde<Erased>
  readonly leftValue: Serde<Erased>
  readonly rightKey: Serde<Erased>
  readonly rightValue: Serde<Erased>
}
