/**
 * Whether two servers hold the same data, found out by commands that every server has.
 * <p>
 * Read first: {@link org.millrace.kit.compare.DatasetComparison}.
 */
package org.millrace.kit.compare;
