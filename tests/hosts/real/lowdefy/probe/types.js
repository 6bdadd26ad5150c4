export default { actions: ["HostNavigate"] };
