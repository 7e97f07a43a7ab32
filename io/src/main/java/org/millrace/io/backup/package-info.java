/** A copy of a running server's data, taken as a replica takes them: {@code millrace backup}. */
package org.millrace.io.backup;
