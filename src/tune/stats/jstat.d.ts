/** Types of the part of jstat that src/tune/stats uses; the package ships none. */
declare module 'jstat' {
  interface JStat {
    readonly studentt: {
      /** Quantile of Student's t with `dof` degrees of freedom. */
      inv(p: number, dof: number): number;
    };
  }
  const jstat: { readonly jStat: JStat };
  export default jstat;
}
