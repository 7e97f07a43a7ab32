package org.millrace.engine.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class AddressFormatTest
{
    @Test
    void shouldBracketIpv6Only()
    {
        assertEquals("127.0.0.1:6379", AddressFormat.of("127.0.0.1", 6379));
        assertEquals("[::1]:6379", AddressFormat.of("::1", 6379));
        assertEquals("primary.example:6379", AddressFormat.of("primary.example", 6379));
        assertEquals("[fe80::1]:<unknown-replica-port>", AddressFormat.of("fe80::1", "<unknown-replica-port>"));
    }
}
