import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.TreeMap;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;

/**
 * What Avro's own implementation makes of bytes, for tests that compare. One request a line on standard input, one
 * answer a line on standard output: {@code read writer reader bytes}, the schemas in base64 and the bytes in
 * hexadecimal, is answered with the bytes of the value as the reader's schema has it, maps by the order of their keys.
 */
public final class AvroPeer {
    private static final HexFormat HEX = HexFormat.of();

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
                case "read" -> read(schema(request[1]), schema(request[2]), HEX.parseHex(request[3]));
                default -> throw new IllegalArgumentException("unknown request " + request[0]);
            };
        } catch (Exception | StackOverflowError error) {
            return "error " + error.toString().replaceAll("[^ -~]+", " ");
        }
    }

    private static Schema schema(String base64) {
        return new Schema.Parser().parse(new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8));
    }

    private static String read(Schema writer, Schema reader, byte[] bytes) throws IOException {
        BinaryDecoder decoder = DecoderFactory.get().binaryDecoder(bytes, null);
        Object value = new SortedReader(writer, reader).read(null, decoder);
        if (!decoder.isEnd()) {
            throw new IOException("bytes are left");
        }
        ByteArrayOutputStream written = new ByteArrayOutputStream();
        BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(written, null);
        new GenericDatumWriter<>(reader).write(value, encoder);
        encoder.flush();
        return HEX.formatHex(written.toByteArray());
    }

    private static final class SortedReader extends GenericDatumReader<Object> {
        SortedReader(Schema writer, Schema reader) {
            super(writer, reader);
        }

        @Override
        protected Object newMap(Object old, int size) {
            return new TreeMap<>();
        }
    }
}
