/* Defines two of the names that an interpreter exports, to look for them in every kind of symbol table. */
char _PyRuntime[64] = {1};
char PyType_Type[64] = {1};

#ifdef MAIN
int main(void) { return _PyRuntime[0] - PyType_Type[0]; }
#endif
