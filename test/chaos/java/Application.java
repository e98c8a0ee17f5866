import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.TopicPartition;

/** How the broker says that the application has ended. */
final class Application {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Set<TransactionState> OPEN =
            Set.of(TransactionState.ONGOING, TransactionState.PREPARE_COMMIT, TransactionState.PREPARE_ABORT);

    private final Admin admin;
    private final String group;

    Application(Admin admin, String group) {
        this.admin = admin;
        this.group = group;
    }

    void awaitEnd() throws Exception {
        long deadline = deadline();
        while (groupState() != GroupState.EMPTY) {
            if (System.nanoTime() > deadline) throw new IllegalStateException("the group is not empty after " + PATIENCE);
            Thread.sleep(100);
        }
    }

    private GroupState groupState() throws ExecutionException, InterruptedException {
        return admin.describeConsumerGroups(List.of(group)).all().get().get(group).groupState();
    }

    /** Ids of transactions that stay open. What is left of those that no one ends any more is aborted by the coordinator. */
    List<String> openTransactions() throws Exception {
        long deadline = deadline();
        for (;;) {
            List<String> open = admin.listTransactions().all().get().stream()
                    .filter(listing -> OPEN.contains(listing.state()))
                    .map(TransactionListing::transactionalId)
                    .collect(Collectors.toList());
            if (open.isEmpty() || System.nanoTime() > deadline) return open;
            Thread.sleep(100);
        }
    }

    Map<TopicPartition, Long> committedOffsets() throws Exception {
        Map<TopicPartition, OffsetAndMetadata> offsets =
                admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get();
        return offsets.entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, entry -> entry.getValue().offset()));
    }

    private static long deadline() {
        return System.nanoTime() + PATIENCE.toNanos();
    }
}
