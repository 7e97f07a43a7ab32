/**
 * Who is interested in what: sessions that WATCH keys, clients that are blocked until a key has something for them or
 * something else happens, and until when at most.
 * <p>
 * Whoever changes a key tells {@link org.millrace.engine.interest.KeySignals}; that is one comparison while nobody is
 * interested. {@link org.millrace.engine.interest.KeyInterest} finds who is, and queues the key. At the end of the unit
 * that changed it those who wait are served:
 *
 * <pre>
 *   changed(db, key) -> InterestedKey -> watches: dirty
 *                            |
 *                            +-> ready keys, each once, in the order in which they were fed
 *                                     |
 *   unitEnded() ----------------------+-> waits of the first key, in the order in which they began:
 *                                         Waiter.serve, which may change keys and so queue further ones
 * </pre>
 *
 * A {@link org.millrace.engine.interest.Waiter} stands in the queue of each key that it waits for and leaves all of them
 * at once, served, timed out ({@link org.millrace.engine.interest.Deadlines}) or gone. A {@link
 * org.millrace.engine.interest.WaitQueue} alone is for what is no key: acknowledgements of replicas. Nothing here is
 * polled. All of it belongs to the writer thread.
 */
package org.millrace.engine.interest;
