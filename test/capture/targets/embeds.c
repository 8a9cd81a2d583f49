/* Embeds Python in a program that holds its own copies of the objects it names (build with -no-pie -fno-pic). */
#include <Python.h>
#include <stdio.h>
#include <unistd.h>

int main(void) {
  Py_Initialize();
  printf("dict %p\nnone %p\nready\n", (void *)&PyDict_Type, (void *)Py_None);
  fflush(stdout);
  pause();
  return 0;
}
