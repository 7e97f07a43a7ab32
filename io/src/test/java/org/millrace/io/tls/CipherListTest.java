package org.millrace.io.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** OpenSSL's lists over some suites of a JVM. */
class CipherListTest
{
    private static final String ECDHE_GCM_256 = "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384";
    private static final String ECDHE_CHACHA = "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256";
    private static final String DHE_GCM_128 = "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256";
    private static final String ECDHE_CBC = "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA";
    private static final String RSA_CBC_256 = "TLS_RSA_WITH_AES_128_CBC_SHA256";
    private static final String RSA_3DES = "TLS_RSA_WITH_3DES_EDE_CBC_SHA";

    private final CipherList list = new CipherList(List.of(
        "TLS_AES_128_GCM_SHA256", ECDHE_GCM_256, ECDHE_CHACHA, DHE_GCM_128, ECDHE_CBC, RSA_CBC_256, RSA_3DES,
        "TLS_RSA_WITH_NULL_SHA", "TLS_DH_anon_WITH_AES_128_GCM_SHA256", "TLS_EMPTY_RENEGOTIATION_INFO_SCSV"));

    @ParameterizedTest
    @CsvSource({
        "ALL, 123456",
        "DEFAULT:@STRENGTH, 123456",
        "HIGH, 12345",
        "HIGH:!AES, 2",
        "AES128-SHA256:ECDHE-RSA-AES256-GCM-SHA384, 51",
        "ECDHE-ECDSA-CHACHA20-POLY1305 DHE-RSA-AES128-GCM-SHA256, 23",
        "ECDHE+AESGCM:ECDHE+CHACHA20, 12",
        "EECDH, 124",
        "kEDH, 3",
        "RSA, 56",
        "aRSA:!kRSA, 134",
        "ECDSA, 2",
        "SHA1, 46",
        "SHA256, 5",
        "AES256:AES128, 1345",
        "ALL:-AES:AES, 261345",
        "ALL:!AES:AES, 26",
        "ALL:+ECDHE, 356124",
        "DEFAULT:!nosuch:nosuch, 123456",
        "nosuch, ''",
        "-ALL, ''",
        "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256, 3"})
    void shouldSelectAsOpenSslDoes(final String text, final String expected)
    {
        final List<String> order = List.of(
            ECDHE_GCM_256, ECDHE_CHACHA, DHE_GCM_128, ECDHE_CBC, RSA_CBC_256, RSA_3DES);
        final StringBuilder found = new StringBuilder();
        list.select(text).forEach((suite) -> found.append(1 + order.indexOf(suite)));
        assertEquals(expected, found.toString());
    }

    @Test
    void shouldKnowNothingOfWhatIsOpenToAll()
    {
        assertEquals(List.of(), list.select("aNULL:eNULL:NULL"));
    }
}
