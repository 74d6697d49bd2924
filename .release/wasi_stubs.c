/* What the Rust standard library asks of wasi-libc and Debian's, which has no threads, lacks. */
#include <errno.h>

int *__errno_location(void) { return &errno; }
int pthread_attr_init(void *attributes) { (void)attributes; return 0; }
int pthread_attr_setstacksize(void *attributes, unsigned long size) { (void)attributes; (void)size; return 0; }
int pthread_attr_destroy(void *attributes) { (void)attributes; return 0; }
int pthread_create(void *thread, const void *attributes, void *(*start)(void *), void *argument) {
  (void)thread; (void)attributes; (void)start; (void)argument;
  return EAGAIN;
}
int pthread_join(void *thread, void **result) { (void)thread; (void)result; return EINVAL; }
int pthread_detach(void *thread) { (void)thread; return EINVAL; }
