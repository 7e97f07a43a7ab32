/** Ways that lost, beside the winner. */
package org.millrace.jmh.alternatives;
