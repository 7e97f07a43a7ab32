/**
 * Drives servers from outside, for the tests of all modules and for bench, verify and demo. Knows nothing of Millrace's
 * classes.
 * <p>
 * {@code resp} speaks with a server, {@code server} starts, ends and disturbs it, {@code compare} looks whether two hold
 * the same data. Tests take {@code TestServer} and {@code TextClient}, where all is text and what goes wrong fails the
 * test; programs take {@code ServerProcess} and {@code RespClient}, where values are bytes and what goes wrong is an
 * IOException. Both stand on the same process and the same connection.
 */
package org.millrace.kit;
