package org.millrace.engine.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Lines for the default user that {@code requirepass} can say, and those that it cannot. */
class UserLineTest
{
    @ParameterizedTest
    @CsvSource(quoteCharacter = '"', value = {
        "default on nopass ~* &* +@all,,",
        "default on nopass sanitize-payload ~* &* +@all,,",
        "default ON NOPASS allkeys allchannels allcommands,,",
        "default on >sekret ~* &* +@all,,sekret",
        "default on ~* &* +@all >Se>kret,,Se>kret",
        "default on >sekret ~* &* +@all,sekret,sekret",
        "default on #bb757689c39373a6cac9ef6ba55616c6249d7500ca4d443f1130c4766453a412 ~* &* +@all,sekret,sekret"
    })
    void shouldTakeTheDefaultUserWhoMayDoEverything(
        final String line, final String requirepass, final String expected) throws ConfigException
    {
        assertEquals(
            null == expected ? "" : expected,
            UserLine.password(List.of(line.split(" ")), null == requirepass ? "" : requirepass));
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '"', value = {
        "worker on nopass ~* &* +@all,",
        "default,",
        "default on,",
        "default off nopass ~* &* +@all,",
        "default nopass ~* &* +@all,",
        "default on nopass ~* &*,",
        "default on nopass ~* +@all,",
        "default on nopass &* +@all,",
        "default on nopass ~* &* +@all -@dangerous,",
        "default on nopass ~cache:* &* +@all,",
        "default on nopass resetchannels ~* +@all,",
        "default on >a >b ~* &* +@all,",
        "default on nopass >a ~* &* +@all,",
        "default on >a ~* &* +@all,b",
        "default on nopass ~* &* +@all,b",
        "default on ~* &* +@all,b",
        "default on #bb757689c39373a6cac9ef6ba55616c6249d7500ca4d443f1130c4766453a412 ~* &* +@all,",
        "default on #bb757689c39373a6cac9ef6ba55616c6249d7500ca4d443f1130c4766453a412 ~* &* +@all,other",
        "default on #1234 ~* &* +@all,",
        "default on (+get ~x) ~* &* +@all,"
    })
    void shouldRefuseWhatRestrictsOrContradicts(final String line, final String requirepass)
    {
        final String message = assertThrows(
            ConfigException.class,
            () -> UserLine.password(List.of(line.split(" ")), null == requirepass ? "" : requirepass)).getMessage();
        assertTrue(message.startsWith("Millrace has no access control list"), message);
    }
}
