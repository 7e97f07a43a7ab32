/**
 * Ways of doing what the engine does, beside the one it has taken. {@code ./millrace jmh alternatives} runs them.
 *
 * <p>Figures: nanoseconds an operation, two cores of an AMD EPYC (Zen 5) under KVM that others use too, Temurin 25,
 * serial collector, one fork, two iterations of 0.3 s to warm up and three that count. Between iterations they differ
 * by 5 % as a rule and by 15 % where it says ~. Everything lies in the core's own cache ({@code entries=1000}); what
 * only shows when nothing does has to be asked with {@code -p entries=4000000}.
 * <pre>
 *   question, class                          the engine's                others
 *   ---------------------------------------  --------------------------  ------------------------------------------
 *   copy of 16 B, CopyBenchmark              longs 2.3                   block 2.0, eightLongs 0.8
 *   of 64 B                                  longs 3.7                   block 2.0, eightLongs 2.4, fixed64 1.7
 *   of 192 B                                 longs 7.6                   block 4.8, eightLongs 6.1
 *   of 1024 B                                block 9.7                   longs 9.7, eightLongs 15.9
 *   slot of a fingerprint,
 *     FingerprintBenchmark                   words 2.8                   bytes ~12.4
 *   checksum of 64 KiB in us,
 *     Crc64VariantsBenchmark                 sixteenTables 17.6          eightTables ~35.3, in two parts 17.3, in
 *                                                                        four 16.3, oneTable 122, multiplication 108
 *   length line, LengthLineBenchmark
 *     3, 16, 64 bytes                        oneOrTwoInFull 0.85         digits 1.3, endThenDigits 2.7, word 3.2
 *     3, 16, 1024 bytes                      oneOrTwoInFull 2.0          digits 1.7, endThenDigits 3.3, word 3.2
 *   hash of 16 B, HashBenchmark              signedCorrected 3.4         unsigned 2.6 (Java 18)
 *   get in a batch, GetBenchmark             entriesTouched 23.0         byEntry 24.0, byKeyLength 19.1,
 *                                                                        bucketsTouched ~23.8, valuesTouched 31.4
 *   reference's granule, GranuleBenchmark    8 bytes 24.0                4 bytes 23.6
 *   table alone, IndexLayoutBenchmark        linesOf12 6.4               linesOf7 18.0, slots 10.3
 * </pre>
 * To touch ahead of a look-up costs a few nanoseconds while everything is in the cache; it is for where nothing is.
 * The lines of {@code LengthLineBenchmark} come in the same order again and again, so every branch is foreseen, which
 * flatters the ways that branch. The engine's copy is the slower one at 16 to 192 bytes: that is a thing to change.
 */
package org.millrace.jmh.alternatives;
