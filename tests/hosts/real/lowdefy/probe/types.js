export default { actions: ["HostGive", "HostNavigate"] };
