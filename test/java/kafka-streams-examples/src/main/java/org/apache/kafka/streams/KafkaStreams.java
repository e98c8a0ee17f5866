package org.apache.kafka.streams;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.test.TestRecord;

/**
 * Stands before Kafka's own class on the class path, so that the main methods of the examples, which make their
 * topology and run it in one go, run it in a TopologyTestDriver: over the records of the file that the system property
 * `input` names, a JSON object a line, with what the topic `output` gets written to standard output in the same form.
 * Bytes are a character each, so that text can be read.
 */
public final class KafkaStreams {
    private static final ObjectMapper JSON = new ObjectMapper();
    private final Topology topology;
    private final Properties properties;

    public KafkaStreams(Topology topology, Properties properties) {
        this.topology = topology;
        this.properties = properties;
    }

    public void start() {
        try (TopologyTestDriver driver = new TopologyTestDriver(topology, properties)) {
            for (String line : Files.readAllLines(Path.of(System.getProperty("input")))) {
                pipe(driver, JSON.readTree(line));
                write(driver);
            }
            System.out.flush();
        } catch (IOException exception) {
            throw new UncheckedIOException(exception);
        }
        // The examples would wait for an interrupt.
        Runtime.getRuntime().halt(0);
    }

    public void close() {}

    private static void pipe(TopologyTestDriver driver, JsonNode record) {
        ByteArraySerializer bytes = new ByteArraySerializer();
        driver.createInputTopic(record.get("topic").textValue(), bytes, bytes)
            .pipeInput(new TestRecord<>(
                bytes(record.get("key")), bytes(record.get("value")), new RecordHeaders(),
                record.get("timestamp").longValue()));
    }

    private static void write(TopologyTestDriver driver) throws IOException {
        ByteArrayDeserializer bytes = new ByteArrayDeserializer();
        for (TestRecord<byte[], byte[]> record :
                driver.createOutputTopic(System.getProperty("output"), bytes, bytes).readRecordsToList()) {
            ObjectNode line = JSON.createObjectNode();
            line.put("key", text(record.key()));
            line.put("value", text(record.value()));
            line.put("timestamp", record.timestamp());
            System.out.write((JSON.writeValueAsString(line) + "\n").getBytes(StandardCharsets.UTF_8));
        }
    }

    private static byte[] bytes(JsonNode text) {
        return text.isNull() ? null : text.textValue().getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte[] bytes) {
        return bytes == null ? null : new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
