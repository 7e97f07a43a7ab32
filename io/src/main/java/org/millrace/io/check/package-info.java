/** Files of data looked at from outside, without a node: {@code millrace check}. */
package org.millrace.io.check;
