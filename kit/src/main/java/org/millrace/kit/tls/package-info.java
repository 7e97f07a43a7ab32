/** TLS for tests and measurements: certificates that are valid for a century and guard nothing, and clients that use them. */
package org.millrace.kit.tls;
