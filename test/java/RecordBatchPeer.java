import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.StringJoiner;
import java.util.stream.Collectors;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.ControlRecordType;
import org.apache.kafka.common.record.internal.EndTransactionMarker;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MemoryRecords.RecordFilter;
import org.apache.kafka.common.record.internal.MemoryRecords.RecordFilter.BatchRetention;
import org.apache.kafka.common.record.internal.MemoryRecords.RecordFilter.BatchRetentionResult;
import org.apache.kafka.common.record.internal.MemoryRecordsBuilder;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.utils.BufferSupplier;
import org.apache.kafka.common.utils.ByteBufferOutputStream;
import org.apache.kafka.common.utils.Utils;

/**
 * What the Java client does with record batches, for tests that compare. One request a line on standard input, one
 * answer a line on standard output.
 *
 * A record is written as {@code timestamp:key:value:name=value,...} in hexadecimal, with {@code -} for null; as an
 * answer {@code offset@} stands in front.
 */
public final class RecordBatchPeer {
    private static final HexFormat HEX = HexFormat.of();
    private static final int NO_LEADER_EPOCH = -1;

    public static void main(String[] arguments) throws IOException {
        BufferedReader requests = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
        PrintStream answers = new PrintStream(System.out, true, StandardCharsets.US_ASCII);
        for (String line = requests.readLine(); line != null; line = requests.readLine()) {
            answers.println(answer(line.split(" ", -1)));
        }
    }

    private static String answer(String[] request) {
        try {
            return "ok " + switch (request[0]) {
                case "write" -> write(request);
                case "marker" -> marker(request);
                case "compact" -> compact(request);
                case "read" -> read(request[1]);
                case "partition" -> partition(request);
                default -> throw new IllegalArgumentException("unknown request " + request[0]);
            };
        } catch (Exception error) {
            return "error " + error;
        }
    }

    /** write compression create|append logAppendTime baseOffset producerId epoch sequence transactional record... */
    private static String write(String[] request) {
        try (ByteBufferOutputStream out = new ByteBufferOutputStream(1024)) {
            MemoryRecordsBuilder builder = new MemoryRecordsBuilder(
                out,
                RecordBatch.MAGIC_VALUE_V2,
                Compression.of(CompressionType.forName(request[1])).build(),
                request[2].equals("append") ? TimestampType.LOG_APPEND_TIME : TimestampType.CREATE_TIME,
                Long.parseLong(request[4]),
                Long.parseLong(request[3]),
                Long.parseLong(request[5]),
                Short.parseShort(request[6]),
                Integer.parseInt(request[7]),
                request[8].equals("true"),
                false,
                NO_LEADER_EPOCH,
                Integer.MAX_VALUE);
            for (int index = 9; index < request.length; index++) append(builder, request[index]);
            return hex(builder.build().buffer());
        } catch (IOException error) {
            throw new IllegalStateException(error);
        }
    }

    private static void append(MemoryRecordsBuilder builder, String record) {
        String[] parts = record.split(":", -1);
        builder.append(Long.parseLong(parts[0]), bytes(parts[1]), bytes(parts[2]), headers(parts[3]));
    }

    private static Header[] headers(String text) {
        if (text.isEmpty()) return new Header[0];
        return Arrays.stream(text.split(",")).map(RecordBatchPeer::header).toArray(Header[]::new);
    }

    private static Header header(String text) {
        String[] parts = text.split("=", -1);
        return new RecordHeader(new String(HEX.parseHex(parts[0]), StandardCharsets.UTF_8), bytes(parts[1]));
    }

    /** marker abort|commit offset producerId epoch */
    private static String marker(String[] request) {
        ControlRecordType type = request[1].equals("abort") ? ControlRecordType.ABORT : ControlRecordType.COMMIT;
        return hex(MemoryRecords.withEndTransactionMarker(
            Long.parseLong(request[2]),
            0L,
            -1,
            Long.parseLong(request[3]),
            Short.parseShort(request[4]),
            new EndTransactionMarker(type, 0)).buffer());
    }

    /** compact batches keptOffset,... : as the log cleaner leaves them, with a delete horizon where it sets one. */
    private static String compact(String[] request) {
        Set<Long> kept = Arrays.stream(request[2].split(","))
            .filter(text -> !text.isEmpty())
            .map(Long::valueOf)
            .collect(Collectors.toSet());
        MemoryRecords records = readable(request[1]);
        ByteBuffer compacted = ByteBuffer.allocate(records.sizeInBytes() * 2);
        records.filterTo(new KeepOffsets(kept), compacted, BufferSupplier.NO_CACHING);
        compacted.flip();
        return hex(compacted);
    }

    private static final class KeepOffsets extends RecordFilter {
        private static final long NOW = 1_800_000_000_000L;
        private final Set<Long> kept;

        KeepOffsets(Set<Long> kept) {
            super(NOW, 86_400_000L);
            this.kept = kept;
        }

        @Override
        protected BatchRetentionResult checkBatchRetention(RecordBatch batch) {
            return new BatchRetentionResult(BatchRetention.RETAIN_EMPTY, false);
        }

        @Override
        protected boolean shouldRetainRecord(RecordBatch batch, Record record) {
            return kept.contains(record.offset());
        }
    }

    private static String read(String batches) {
        StringJoiner records = new StringJoiner(" ");
        for (MutableRecordBatch batch : readable(batches).batches()) {
            batch.ensureValid();
            for (Record record : batch) records.add(text(record));
        }
        return records.toString();
    }

    private static String text(Record record) {
        String headers = Arrays.stream(record.headers())
            .map(header -> HEX.formatHex(header.key().getBytes(StandardCharsets.UTF_8)) + "=" + hex(header.value()))
            .collect(Collectors.joining(","));
        return String.join(":",
            List.of(record.offset() + "@" + record.timestamp(), hex(record.key()), hex(record.value()), headers));
    }

    /** partition count key... : hash and partition of each key. */
    private static String partition(String[] request) {
        int count = Integer.parseInt(request[1]);
        return Arrays.stream(request).skip(2)
            .map(HEX::parseHex)
            .map(key -> Utils.murmur2(key) + "/" + BuiltInPartitioner.partitionForKey(key, count))
            .collect(Collectors.joining(" "));
    }

    private static MemoryRecords readable(String batches) {
        return MemoryRecords.readableRecords(ByteBuffer.wrap(HEX.parseHex(batches)));
    }

    private static byte[] bytes(String text) {
        return text.equals("-") ? null : HEX.parseHex(text);
    }

    private static String hex(byte[] bytes) {
        return bytes == null ? "-" : HEX.formatHex(bytes);
    }

    private static String hex(ByteBuffer buffer) {
        return buffer == null ? "-" : HEX.formatHex(Utils.toArray(buffer));
    }
}
