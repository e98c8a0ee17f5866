package millrace.bench;

import java.time.Duration;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Grouped;
import org.apache.kafka.streams.kstream.JoinWindows;
import org.apache.kafka.streams.kstream.Joined;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.KTable;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.kstream.SessionWindows;
import org.apache.kafka.streams.kstream.SlidingWindows;
import org.apache.kafka.streams.kstream.StreamJoined;
import org.apache.kafka.streams.kstream.TimeWindows;
import org.apache.kafka.streams.kstream.WindowedSerdes;

/** The workloads as bench/workloads.ts defines them, in Kafka Streams' DSL. */
final class Workload {
    private static final Duration WINDOW = Duration.ofMinutes(1);
    private static final Duration HOP = Duration.ofSeconds(10);
    private static final Duration SLIDING = Duration.ofSeconds(10);
    private static final Duration SESSION_GAP = Duration.ofSeconds(5);
    private static final Duration SESSION_GRACE = Duration.ofSeconds(5);
    private static final Duration JOIN_WINDOW = Duration.ofSeconds(10);
    private static final String PROFILES_TOPIC = "bench-profiles";

    private Workload() {}

    static Topology topology(RunnerArguments arguments) {
        StreamsBuilder builder = new StreamsBuilder();
        Serde<Event> event = new FirstRecordSerde<>(new JsonSerde<>(Event.class));
        KStream<String, Event> events = builder.stream(arguments.inputTopic(), Consumed.with(Serdes.String(), event));
        switch (arguments.workload()) {
            case "filter-map" -> filterMap(events, arguments.outputTopic());
            case "count" -> count(events, event, arguments.outputTopic());
            case "window" -> window(events, event, arguments.outputTopic());
            case "hopping" -> hopping(events, event, arguments.outputTopic());
            case "sliding" -> sliding(events, event, arguments.outputTopic());
            case "session" -> session(events, event, arguments.outputTopic());
            case "stream-join" -> streamJoin(events, event, arguments.outputTopic());
            case "join" -> join(events, profiles(builder), event, arguments.outputTopic());
            default -> throw new IllegalArgumentException("unknown workload " + arguments.workload());
        }
        return builder.build();
    }

    private static void filterMap(KStream<String, Event> events, String output) {
        events
            .filter((user, event) -> event.type.equals("sale"))
            .mapValues(event -> new Sale(event.id, event.amount))
            .to(output, Produced.with(Serdes.String(), new JsonSerde<>(Sale.class)));
    }

    private static void count(KStream<String, Event> events, Serde<Event> event, String output) {
        events
            .groupByKey(Grouped.with(Serdes.String(), event))
            .count()
            .toStream()
            .to(output, Produced.with(Serdes.String(), Serdes.Long()));
    }

    private static void window(KStream<String, Event> events, Serde<Event> event, String output) {
        events
            .groupByKey(Grouped.with(Serdes.String(), event))
            .windowedBy(TimeWindows.ofSizeWithNoGrace(WINDOW))
            .aggregate(
                () -> 0.0,
                (user, next, sum) -> sum + next.amount,
                Materialized.with(Serdes.String(), Serdes.Double()))
            .toStream()
            .to(output, Produced.with(
                WindowedSerdes.timeWindowedSerdeFrom(String.class, WINDOW.toMillis()), Serdes.Double()));
    }

    private static void hopping(KStream<String, Event> events, Serde<Event> event, String output) {
        events
            .groupByKey(Grouped.with(Serdes.String(), event))
            .windowedBy(TimeWindows.ofSizeWithNoGrace(WINDOW).advanceBy(HOP))
            .count()
            .toStream()
            .to(output, Produced.with(
                WindowedSerdes.timeWindowedSerdeFrom(String.class, WINDOW.toMillis()), Serdes.Long()));
    }

    private static void sliding(KStream<String, Event> events, Serde<Event> event, String output) {
        events
            .groupByKey(Grouped.with(Serdes.String(), event))
            .windowedBy(SlidingWindows.ofTimeDifferenceWithNoGrace(SLIDING))
            .count()
            .toStream()
            .to(output, Produced.with(
                WindowedSerdes.timeWindowedSerdeFrom(String.class, SLIDING.toMillis()), Serdes.Long()));
    }

    private static void session(KStream<String, Event> events, Serde<Event> event, String output) {
        events
            .groupByKey(Grouped.with(Serdes.String(), event))
            .windowedBy(SessionWindows.ofInactivityGapAndGrace(SESSION_GAP, SESSION_GRACE))
            .count()
            .toStream()
            .to(output, Produced.with(WindowedSerdes.sessionWindowedSerdeFrom(String.class), Serdes.Long()));
    }

    private static void streamJoin(KStream<String, Event> events, Serde<Event> event, String output) {
        events
            .filter((user, next) -> next.type.equals("view"))
            .join(
                events.filter((user, next) -> next.type.equals("sale")),
                (view, sale) -> new Match(view.id, sale.id),
                JoinWindows.ofTimeDifferenceWithNoGrace(JOIN_WINDOW),
                StreamJoined.with(Serdes.String(), event, event))
            .to(output, Produced.with(Serdes.String(), new JsonSerde<>(Match.class)));
    }

    private static KTable<String, Profile> profiles(StreamsBuilder builder) {
        Serde<Profile> profile = new FirstRecordSerde<>(new JsonSerde<>(Profile.class));
        return builder.table(PROFILES_TOPIC, Consumed.with(Serdes.String(), profile));
    }

    private static void join(
            KStream<String, Event> events, KTable<String, Profile> profiles, Serde<Event> event, String output) {
        events
            .join(
                profiles,
                (next, profile) -> new Enriched(next.id, next.amount, profile.country, profile.plan),
                Joined.with(Serdes.String(), event, null))
            .to(output, Produced.with(Serdes.String(), new JsonSerde<>(Enriched.class)));
    }
}
