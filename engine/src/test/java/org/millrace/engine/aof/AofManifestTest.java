package org.millrace.engine.aof;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Manifests as Redis writes them, and what it says of those that it does not take. */
class AofManifestTest
{
    private static final String BASE = "file appendonly.aof.1.base.rdb seq 1 type b\n";
    private static final String INCREMENT = "file appendonly.aof.2.incr.aof seq 2 type i\n";

    @Test
    void shouldReadWhatRedisWrites() throws AofManifestException
    {
        final AofManifest manifest = AofManifest.parse(
            BASE + "file appendonly.aof.1.incr.aof seq 1 type h\n" + INCREMENT +
                "file \"with \\\"quotes\\\" and blanks\\x41\" seq 3 type i\n");
        assertEquals(new AofFile("appendonly.aof.1.base.rdb", 1, AofFile.BASE), manifest.base());
        assertEquals(1, manifest.historyCount());
        assertEquals("with \"quotes\" and blanksA", manifest.increments().get(1).name());
        assertEquals(3, manifest.files().size());
    }

    @Test
    void shouldReadOverWhatOtherVersionsAdd() throws AofManifestException
    {
        final AofManifest manifest = AofManifest.parse(
            "# of another time\nfile a seq 5 type i startoffset 17 endoffset 98\r\nSEQ 6 TYPE incr FILE b\n");
        assertNull(manifest.base());
        assertEquals(
            List.of(new AofFile("a", 5, AofFile.INCREMENT), new AofFile("b", 6, AofFile.INCREMENT)),
            manifest.increments());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "null", value = {
        "'' | Found an empty AOF manifest | null",
        "file a seq 1 type b;file b seq 2 type b; | Found duplicate base file information | file b seq 2 type b",
        "file a seq 2 type i;file b seq 2 type i; | Found a non-monotonic sequence number | file b seq 2 type i",
        "file a seq 1 type x; | Unknown AOF file type | file a seq 1 type x",
        "file a seq 1 type; | Invalid AOF manifest file format | file a seq 1 type",
        "file a seq 0 type b; | Invalid AOF manifest file format | file a seq 0 type b",
        "file a seq x type b; | Invalid AOF manifest file format | file a seq x type b",
        "file a/b seq 1 type b; | 'File can''t be a path, just a filename' | file a/b seq 1 type b",
        "; | Invalid AOF manifest file format | ''",
        "'file \"a seq 1 type b;' | Invalid AOF manifest file format | 'file \"a seq 1 type b'",
        "file a seq 1 type b | The AOF manifest file contains too long line | null",
        "file a seq 1 type b kind; | Invalid AOF manifest file format | file a seq 1 type b kind",
    })
    void shouldSayWhatRedisSays(final String text, final String reason, final String line)
    {
        final AofManifestException exception = assertThrows(
            AofManifestException.class, () -> AofManifest.parse(text.replace(';', '\n')));
        assertEquals(reason, exception.getMessage());
        final List<String> lines = exception.logLines();
        assertEquals("*** FATAL AOF MANIFEST FILE ERROR ***", lines.get(0));
        assertEquals(null == line ? 2 : 4, lines.size());
        if (null != line)
        {
            assertEquals(">>> '" + line + "'", lines.get(2));
        }
    }

    @Test
    void shouldTakeNoLineThatIsTooLong()
    {
        assertThrows(
            AofManifestException.class, () -> AofManifest.parse("file " + "a".repeat(1100) + " seq 1 type b\n"));
    }
}
