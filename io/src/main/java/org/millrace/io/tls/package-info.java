/**
 * TLS beside sockets: keys and certificates as PEM files, contexts as the options say, and
 * {@link org.millrace.io.tls.TlsStream}, which turns bytes into records and back. Whoever owns a socket calls it.
 */
package org.millrace.io.tls;
