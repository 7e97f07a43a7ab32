/**
 * Integration tests: Millrace nodes in processes of their own beside real redis-servers, over loopback sockets, in both
 * threading modes. Each test owns its servers ({@link org.millrace.io.it.Nodes}), which a failure makes print their
 * logs and INFO; data are compared value by value at equal offsets ({@link org.millrace.io.it.DataComparison}).
 * <p>
 * Ports are whatever is free. Waiting is polling with a deadline, never a guess. Random loads say their seed.
 * <p>
 * Read first: {@code TestServer}, {@code MixedLoad}, {@code LinkProxy}, then {@code RedisReplicaTest}.
 */
package org.millrace.io.it;
