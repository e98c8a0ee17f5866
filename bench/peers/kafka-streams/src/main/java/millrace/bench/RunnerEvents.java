package millrace.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** Tells the harness what happened: a line of JSON each, with the wall clock and this process's own CPU account. */
final class RunnerEvents {
    private static final ObjectMapper JSON = new ObjectMapper();

    private RunnerEvents() {}

    static void report(String event, long processed) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("event", event);
        line.put("atMs", System.currentTimeMillis());
        line.put("stat", stat());
        line.put("processed", processed);
        print(line);
    }

    static void reportFailure(String message) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("event", "failed");
        line.put("message", message);
        print(line);
    }

    /** The kernel's account of this process, as the harness reads it at the end. */
    private static String stat() {
        try {
            return Files.readString(Path.of("/proc/self/stat")).strip();
        } catch (IOException error) {
            throw new UncheckedIOException(error);
        }
    }

    private static synchronized void print(Map<String, Object> line) {
        try {
            System.out.println(JSON.writeValueAsString(line));
            System.out.flush();
        } catch (JsonProcessingException error) {
            throw new IllegalStateException(error);
        }
    }
}
